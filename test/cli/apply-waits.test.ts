import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { type PoolMode, startPgBouncer } from '../support/pgbouncer.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';
import { until } from '../support/until.ts';

const LOCKS = [
  ["nomnom's own tables", 'SELECT pg_advisory_xact_lock(7305804402566194)'],
  ['a table of the program', 'LOCK TABLE orders IN ACCESS SHARE MODE'],
] as const;

/** A file whose `apply` has a change to make, and a session that holds a lock which it needs. */
async function locked(lock: string, poolMode?: PoolMode, poolSize = 20) {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-'));
  const file = join(folder, 'locks.nom');
  const write = (fields: string) =>
    writeFileSync(
      file,
      `entity Order { id: int  ${fields}  store orders { key (id)  upsert on (id) replace } }\n`,
    );
  const database = await createDatabase(inject('databaseUrl'));
  onTestFinished(() => database.drop());
  const pooler = poolMode && (await startPgBouncer({ postgresUrl: database.url, poolMode, poolSize }));
  onTestFinished(() => pooler?.stop());
  const env = { DATABASE_URL: pooler?.url ?? database.url };
  write('');
  expect((await nomnom(['apply', file, '--yes'], { env })).status).toBe(0);
  write('note: text?');
  const connect = async (application_name: string) => {
    const client = new Client({ connectionString: database.url, application_name });
    await client.connect();
    onTestFinished(() => client.end());
    return client;
  };
  const client = await connect('night report');
  // A transaction sees the same sessions as long as it goes on.
  const watching = await connect('test');
  await client.query('BEGIN');
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await client.query(lock);
  const applies = async () =>
    Number(
      (
        await watching.query<{ n: string }>(
          `SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'nomnom apply' AND datname = current_database()`,
        )
      ).rows[0]?.n,
    );
  return { file, env, client, applies, pid: rows[0]?.pid ?? 0 };
}

const WAYS = [undefined, 'transaction', 'session'] as const;

test.each(LOCKS.flatMap(([what, lock]) => WAYS.map((poolMode) => ({ what, lock, poolMode }))))(
  'apply says who holds a lock on $what, and goes on when it is free, with pool_mode $poolMode',
  async ({ lock, poolMode }) => {
    const { file, env, client, pid } = await locked(lock, poolMode);
    const apply = startNomnom(['apply', file, '--yes'], { env });
    const [said] = await apply.printed(/waiting for a lock[^\n]*/);
    expect(said).toMatch(
      new RegExp(
        `^waiting for a lock( on table orders)? that Postgres gave to pid ${pid} \\(night report, user \\w+, idle in transaction, since 20[-\\dT:.]+Z\\)$`,
      ),
    );
    const status = new Promise((resolve) => apply.child.once('close', resolve));
    await client.query('COMMIT');
    expect(await status).toBe(0);
    expect(apply.output().match(/waiting for a lock/g)).toHaveLength(1);
    expect(apply.output()).toContain('add column note');
  },
);

test.each(LOCKS)(
  'apply says behind a pooler with one connection that it cannot ask who holds a lock on %s',
  async (_what, lock) => {
    const { file, env, client } = await locked(lock, 'transaction', 1);
    const apply = startNomnom(['apply', file, '--yes'], { env });
    await apply.printed(/waiting for Postgres, which cannot be asked whether somebody holds a lock: /);
    const status = new Promise((resolve) => apply.child.once('close', resolve));
    await client.query('COMMIT');
    expect(await status).toBe(0);
    expect(apply.output().match(/cannot be asked/g)).toHaveLength(1);
  },
);

test.each(LOCKS)(
  'the session of a killed apply that waits for a lock on %s ends before the lock is free',
  async (_what, lock) => {
    const { file, env, applies } = await locked(lock);
    const apply = startNomnom(['apply', file, '--yes'], { env });
    await apply.printed(/waiting for a lock/);
    expect(await applies()).toBeGreaterThan(0);
    await apply.stop('SIGKILL');
    await until('the sessions of the killed process to end', async () => (await applies()) === 0, {
      within: 20_000,
    });
  },
);
