import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';
import { until } from '../support/until.ts';

const WAITS = `
SELECT FROM pg_stat_activity
WHERE application_name = 'nomnom apply' AND datname = current_database() AND wait_event_type = 'Lock'`;

const COLUMNS = `
SELECT count(*)::int AS n FROM information_schema.columns WHERE column_name = 'note' AND table_schema = 'public'`;

const TABLES = ['orders', 'payments'] as const;

/** A program of two tables, applied, whose next version has one more column in both. */
async function twoTables() {
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), 'shop.nom');
  const write = (field: string) =>
    writeFileSync(
      file,
      `entity Order { id: int  ${field}  store orders { key (id)  upsert on (id) replace } }\n` +
        `entity Payment { id: int  ${field}  store payments { key (id)  upsert on (id) replace } }\n`,
    );
  const database = await createDatabase(inject('databaseUrl'));
  onTestFinished(() => database.drop());
  const env = { DATABASE_URL: database.url };
  write('');
  expect((await nomnom(['apply', file, '--yes'], { env })).status).toBe(0);
  write('note: text?');
  const connect = async (application_name: string) => {
    const client = new Client({ connectionString: database.url, application_name });
    await client.connect();
    onTestFinished(() => client.end());
    return client;
  };
  const reader = await connect('night report');
  await reader.query('BEGIN');
  return { file, env, reader, writer: await connect('writer'), watching: await connect('test') };
}

test.each(TABLES)(
  'rows come into both tables that apply changes while it waits for a reader of %s',
  async (read) => {
    const { file, env, reader, writer, watching } = await twoTables();
    await reader.query(`SELECT FROM ${read}`);
    const apply = startNomnom(['apply', file, '--yes'], { env });
    const status = new Promise((resolve) => apply.child.once('close', resolve));
    // More than one try, each of which has to let the writer go on while the reader's transaction is open.
    for (let id = 1; id <= 3; id += 1) {
      await until('apply to wait for the lock', async () => (await watching.query(WAITS)).rowCount === 1);
      for (const table of TABLES) {
        let written = false;
        const writing = writer.query(`INSERT INTO ${table} (id) VALUES (${id})`).then(() => (written = true));
        await until(`a row in ${table} while apply waits`, () => written).catch(async (error: unknown) => {
          await reader.query('ROLLBACK');
          await writing;
          throw error;
        });
      }
    }
    const [said] = await apply.printed(/waiting for a lock on table[^]*tries again[^\n]*/);
    expect(said).toContain(`a lock on table ${read} that Postgres gave to pid `);
    expect(said).toContain('(night report, user ');
    expect(said).toContain('others can use the table meanwhile');
    expect((await watching.query(COLUMNS)).rows).toEqual([{ n: 0 }]);
    await reader.query('COMMIT');
    expect(await status).toBe(0);
    expect((await watching.query(COLUMNS)).rows).toEqual([{ n: 2 }]);
    expect(apply.output().match(/waiting for a lock/g)).toHaveLength(1);
  },
);

test('SIGINT ends an apply that gives way to a reader, and nothing is changed', async () => {
  const { file, env, reader, watching } = await twoTables();
  await reader.query('SELECT FROM payments');
  const apply = startNomnom(['apply', file, '--yes'], { env });
  await apply.printed(/waiting for a lock on table payments/);
  // Between two tries, where no statement is in work.
  await until('apply to give way', async () => (await watching.query(WAITS)).rowCount === 0);
  expect(await apply.stop('SIGINT')).not.toBe(0);
  await reader.query('COMMIT');
  expect((await watching.query(COLUMNS)).rows).toEqual([{ n: 0 }]);
});
