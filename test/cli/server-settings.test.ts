import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { openStore, type PostgresStore } from '../../src/adapters/postgres/store.ts';
import { tablesOf } from '../../src/plan/tables-of.ts';
import { fitServer } from '../../src/runtime/fit-server.ts';
import { applyTables } from '../../src/roles/setup/apply-tables.ts';
import { compareTables } from '../../src/roles/setup/compare.ts';
import { createDatabase, freshDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { nomnom } from '../support/nomnom.ts';
import { planOf } from '../support/plan.ts';
import { startLocalPostgres } from '../support/postgres-server.ts';
import { runWholePipeline } from '../support/whole-pipeline.ts';

const PING = 'entity Ping { id: uuid  note: text?  store pings { key (id)  upsert on (id) keep } }\n';
const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), 'ping.nom');
writeFileSync(file, PING);

async function sql(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function databaseOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

function openAt(url: string): PostgresStore {
  const store = openStore({ url, max: 2, log: memoryLog() });
  onTestFinished(() => store.close());
  return store;
}

test.each(['LATIN1', 'SQL_ASCII'])(
  'a database of the encoding %s is refused at start, in one line and one of help',
  async (encoding) => {
    const server = inject('databaseUrl');
    const name = `nomnom_${encoding.toLowerCase()}_${process.pid}`;
    await sql(
      server,
      `CREATE DATABASE ${name} ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
    );
    onTestFinished(() => sql(server, `DROP DATABASE ${name} WITH (FORCE)`));
    const url = new URL(server);
    url.pathname = `/${name}`;
    const env = { DATABASE_URL: url.href };
    const line = `nomnom: Postgres is not what the plan needs: the database has the encoding ${encoding}, expected UTF8`;
    for (const args of [
      ['apply', file, '--yes'],
      ['run', file, '--role=ingest', '--port=0'],
      ['run', file, '--role=worker'],
    ]) {
      const ran = await nomnom(args, { env });
      expect(ran.status).toBe(1);
      const said = ran.err.split('\n').filter((text) => text !== '' && !text.startsWith('{'));
      expect(said.map((text) => text.trim().split(':')[0])).toEqual(['nomnom', 'help']);
      expect(said[0]?.startsWith(line)).toBe(true);
    }
  },
);

test.each([
  ['zero_damaged_pages', 'on', 'zero_damaged_pages is on, and rows of a damaged page'],
  ['ignore_checksum_failure', 'on', 'ignore_checksum_failure is on, and damaged rows'],
  ['session_replication_role', 'replica', 'session_replication_role is replica, and foreign keys'],
  ['search_path', '', 'search_path has no existing schema'],
])('a database with %s = %s is refused, in one line', async (name, value, line) => {
  const database = await createDatabase(inject('databaseUrl'));
  onTestFinished(() => database.drop());
  await sql(database.url, `ALTER DATABASE ${databaseOf(database.url)} SET ${name} = '${value}'`);
  const refused = await fitServer(openAt(database.url), memoryLog()).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'STORE_MISCONFIGURED', retryable: false });
  expect(String(refused)).toContain(line);
  expect(String(refused)).not.toContain('\n');
});

describe('tables that a crash empties', async () => {
  const database = await freshDatabase();

  test('are refused where they are ours, partitions too', async () => {
    const store = openAt(database.url);
    await store.transaction(({ ledger }) => ledger.migrate());
    await expect(fitServer(store, memoryLog())).resolves.toBeUndefined();
    await store.sql.query({ text: 'ALTER TABLE dead_letters SET UNLOGGED' });
    await store.sql.query({
      text: `CREATE TABLE nomnom_parts (n int) PARTITION BY RANGE (n);
        CREATE UNLOGGED TABLE part_1 PARTITION OF nomnom_parts FOR VALUES FROM (1) TO (2)`,
    });
    const refused = String(await fitServer(store, memoryLog()).catch((error: unknown) => error));
    expect(refused).toContain('table dead_letters is unlogged, and a crash of Postgres empties it');
    expect(refused).toContain('table part_1 is unlogged');
  });

  test('are refused where they are those of the program', async () => {
    const store = openAt(database.url);
    const plan = planOf(PING);
    await applyTables(store, plan);
    const differences = async () =>
      compareTables(plan, await store.catalog.readTables(tablesOf(plan))).differences;
    expect(await differences()).toEqual([]);
    await store.sql.query({ text: 'ALTER TABLE pings SET UNLOGGED' });
    expect(await differences()).toMatchObject([
      {
        what: 'table pings, persistence',
        expected: 'a table whose rows survive a crash',
        found: 'an unlogged or temporary one',
        fixable: false,
      },
    ]);
  });
});

/** Each of them changes how a value is read or printed, how long a statement may take, or what a transaction is. */
const UNUSUAL: readonly (readonly string[])[] = [
  [
    `DateStyle = 'German, DMY'`,
    `TimeZone = 'Asia/Kathmandu'`,
    `IntervalStyle = 'sql_standard'`,
    `bytea_output = 'escape'`,
    `lc_messages = 'C.UTF-8'`,
    `extra_float_digits = '-15'`,
    `array_nulls = off`,
    `transform_null_equals = on`,
    `quote_all_identifiers = on`,
    `standard_conforming_strings = off`,
    `backslash_quote = on`,
    `client_encoding = 'LATIN1'`,
    `exit_on_error = on`,
    `statement_timeout = '5s'`,
    `lock_timeout = '1ms'`,
    `idle_session_timeout = '5s'`,
    `idle_in_transaction_session_timeout = '5s'`,
    `default_transaction_isolation = 'serializable'`,
    `synchronous_commit = off`,
    `client_min_messages = debug1`,
    `row_security = off`,
    `check_function_bodies = off`,
    `plan_cache_mode = force_generic_plan`,
  ],
  [`DateStyle = 'SQL, MDY'`, `TimeZone = 'America/St_Johns'`, `IntervalStyle = 'postgres_verbose'`],
];

describe('a pipeline on a server of another language and unusual settings', async () => {
  const server = await startLocalPostgres({ language: 'de' });
  if (server === undefined)
    throw new Error('the tests start a Postgres of their own: install Postgres 15 or newer');
  afterAll(() => server.stop());

  test('a refused value does not stand in the message of a failure, whatever the quotes of the language', async () => {
    const database = await createDatabase(server.url);
    await sql(database.url, `ALTER DATABASE ${databaseOf(database.url)} SET lc_messages = 'C.UTF-8'`);
    const store = openAt(database.url);
    const refused = String(
      await store.sql.query({ text: `SELECT 'secret'::int` }).catch((error: unknown) => error),
    );
    expect(refused).toContain('22P02');
    expect(refused).not.toContain('secret');
  });

  test('a server that does not flush is named in one warning', async () => {
    const log = memoryLog();
    await fitServer(openAt(server.url), log);
    expect(log.lines).toMatchObject([
      {
        level: 'warn',
        message:
          'a power loss may lose what this Postgres has committed, or damage its files: fsync is off, full_page_writes is off',
      },
    ]);
  });

  test('stores the same cells as with the default settings', async () => {
    const stored = [];
    for (const settings of [[], ...UNUSUAL]) {
      const database = await createDatabase(server.url);
      const name = databaseOf(database.url);
      await sql(database.url, ...settings.map((setting) => `ALTER DATABASE ${name} SET ${setting}`));
      const { cells } = await runWholePipeline({
        databaseUrl: database.url,
        directUrl: database.url,
        natsUrl: undefined,
      });
      stored.push(cells);
    }
    const [expected, ...found] = stored;
    for (const cells of found) expect(cells).toEqual(expected);
  }, 300_000);
});
