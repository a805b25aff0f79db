import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { grantsOf, grantStatements } from '../../src/sql/postgres/privileges.ts';
import { freshDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { nomnom } from '../support/nomnom.ts';

const file = 'pipelines/tpch.nom';
const database = await freshDatabase();

interface Line {
  readonly area: string;
  readonly status: string;
  readonly message: string;
  readonly help?: string;
}

async function examine(
  env: Readonly<Record<string, string>>,
): Promise<{ status: number; lines: readonly Line[] }> {
  const { status, out } = await nomnom(['doctor', file, '--json'], { env });
  return { status: status ?? -1, lines: JSON.parse(out) as readonly Line[] };
}

test('doctor says what is missing, what to do, and that all is well once it is there', async () => {
  const env = { DATABASE_URL: database.url };
  const before = await examine(env);
  expect(before.status).toBe(1);
  expect(before.lines).toContainEqual(
    expect.objectContaining({ area: 'program', status: 'fail', help: `nomnom apply ${file}` }),
  );
  const { out: told } = await nomnom(['doctor', file], { env });
  expect(told.match(/.*own tables: .*/g)).toEqual([
    expect.stringMatching(
      /^fail +program +NOM902 nomnom's own tables: the plan says version \d+, the server has none$/,
    ),
  ]);
  expect(told.match(/→ nomnom apply.*/g)).toEqual([`→ nomnom apply ${file}`]);
  expect((await nomnom(['apply', file, '--yes'], { env })).status).toBe(0);
  const after = await nomnom(['doctor', file], { env });
  expect(after).toMatchObject({ status: 0, err: '' });
  expect(after.out).toMatch(/^ok +Postgres +Postgres \d+/m);
  expect(after.out).toMatch(/^ok +Postgres +its clock agrees with ours/m);
  expect(after.out).toMatch(/^ok +program +tables, streams and consumers agree with/m);
  expect(after.out).toMatch(/^ok +messages +there are no dead letters/m);
  expect(after.out).toMatch(/^ok +messages +no message is lost/m);
  expect(after.out).toMatch(/^warn +retention +role worker .* does not run\n +→ nomnom run/m);
  expect(after.out).toMatch(/^warn +Postgres +user \w+ may do everything\n +→ /m);
});

test('doctor says what a running role waits for', async () => {
  const own = await freshDatabase();
  const env = { DATABASE_URL: own.url };
  expect((await nomnom(['apply', file, '--yes'], { env })).status).toBe(0);
  const store = openStore({ url: own.url, max: 1, log: memoryLog() });
  onTestFinished(() => store.close());
  const worker = { id: randomUUID(), pipeline: 'tpch', role: 'worker', program: 'a1', consumes: true };
  await store.ledger.processes.beat(worker, 60_000, 'Postgres has no room (SQLSTATE 53100)');
  const { lines } = await examine(env);
  expect(lines).toContainEqual(
    expect.objectContaining({
      area: 'processes',
      status: 'warn',
      message: 'role worker waits: Postgres has no room (SQLSTATE 53100)',
    }),
  );
});

test('doctor looks at the rest where a server is away, and shows no password', async () => {
  const away = 'postgres://me:s3cret@127.0.0.1:1/none';
  const { status, lines } = await examine({ DATABASE_URL: away, NATS_URL: inject('natsUrl') });
  expect(status).toBe(1);
  expect(lines).toContainEqual(expect.objectContaining({ area: 'Postgres', status: 'fail' }));
  expect(lines).toContainEqual(
    expect.objectContaining({
      area: 'NATS',
      status: 'ok',
      message: expect.stringMatching(/^nats-server .* answers/),
    }),
  );
  expect(JSON.stringify(lines)).not.toContain('s3cret');
  // The stream of this file has max_bytes, and a server before 2.10 loses messages of such a stream.
  const [, major, minor] = /nats-server (\d+)\.(\d+)/.exec(JSON.stringify(lines)) ?? [];
  const isOld = Number(major) * 1_000 + Number(minor) < 2_010;
  const losing = lines.filter(({ area, message }) => area === 'NATS' && /deletes the oldest/.test(message));
  expect(losing.map(({ status, help }) => ({ status, help }))).toEqual(
    isOld ? [{ status: 'fail', help: 'Use nats-server 2.10 or newer, or leave max_bytes out of TPCH.' }] : [],
  );
});

test('doctor names a table that somebody has locked, who that is, and what ends it', async () => {
  const own = await freshDatabase();
  const env = { DATABASE_URL: own.url };
  expect((await nomnom(['apply', file, '--yes'], { env })).status).toBe(0);
  const client = new Client({ connectionString: own.url, application_name: 'psql' });
  await client.connect();
  onTestFinished(() => client.end());
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await client.query('BEGIN');
  await client.query('LOCK TABLE nomnom_queue_dedupe');
  const { status, lines } = await examine(env);
  expect(status).toBe(1);
  const pid = rows[0]?.pid;
  expect(lines).toContainEqual({
    area: 'locks',
    status: 'fail',
    message: expect.stringMatching(
      `^a role that accepts waits for a lock on nomnom_queue_dedupe that pid ${pid} \\(psql, .* holds$`,
    ),
    help: `Let its transaction end, or end it: SELECT pg_terminate_backend(${pid}).`,
  });
});

test('doctor fails where the user lacks a right of the role that is named, or can run no role', async () => {
  const user = `doctor_${randomBytes(4).toString('hex')}`;
  const own = await freshDatabase();
  const admin = openStore({ url: own.url, max: 1, log: memoryLog() });
  const run = async (...texts: readonly string[]) => {
    for (const text of texts) await admin.sql.query({ text });
  };
  onTestFinished(async () => {
    await run(`DROP OWNED BY ${user}`, `DROP ROLE ${user}`);
    await admin.close();
  });
  expect((await nomnom(['apply', file, '--yes'], { env: { DATABASE_URL: own.url } })).status).toBe(0);
  const url = new URL(own.url);
  [url.username, url.password] = [user, 'secret'];
  const ask = async (...flags: readonly string[]) => {
    const { status, out } = await nomnom(['doctor', file, ...flags], {
      env: { DATABASE_URL: url.href, PORT: '0' },
    });
    return { status, rights: out.split('\n').filter((line) => /^\w+ +privileges/.test(line)) };
  };
  const verdicts = ({ rights }: Awaited<ReturnType<typeof ask>>) =>
    new Set(rights.map((line) => line.replace(/ .*/, '')));
  await run(`CREATE ROLE ${user} LOGIN PASSWORD 'secret'`);
  expect((await ask()).status).toBe(1);
  const grants = (['ledger', 'queue'] as const).flatMap((part) =>
    grantStatements(grantsOf('ingest', part), user),
  );
  await run(...grants);
  const some = await ask();
  expect(some.status).toBe(0);
  expect(verdicts(some)).toEqual(new Set(['ok', 'warn']));
  const ingest = await ask('--role=ingest');
  expect(ingest.status).toBe(0);
  expect(verdicts(ingest)).toEqual(new Set(['ok']));
  const worker = await ask('--role=worker');
  expect(worker.status).toBe(1);
  expect(verdicts(worker)).toEqual(new Set(['fail']));
  expect((await ask('--role=nobody')).status).toBe(2);
  // A right on some columns looks like the right on the table, until a statement is tried.
  await run(
    `GRANT ALL ON ALL TABLES IN SCHEMA public TO ${user}`,
    `GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${user}`,
    `REVOKE INSERT ON orders FROM ${user}`,
    `GRANT INSERT (order_key) ON orders TO ${user}`,
  );
  expect((await ask('--role=worker')).rights).toContainEqual(
    expect.stringMatching(
      /^fail +privileges +NOM902 table orders: .* the server has one that refuses it: .*permission denied for table orders \(SQLSTATE 42501\)$/,
    ),
  );
});
