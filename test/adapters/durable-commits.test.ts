import { afterAll, expect, onTestFinished, test } from 'vitest';
import { openPostgresQueue } from '../../src/adapters/postgres-queue/queue.ts';
import { openStore, type PostgresStore } from '../../src/adapters/postgres/store.ts';
import { messages, queuePlan } from '../conformance/queue-plan.ts';
import { startCrashingPostgres } from '../support/crashing-postgres.ts';
import { memoryLog } from '../support/memory-log.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { until } from '../support/until.ts';

/*
 * The server has `synchronous_commit = off`: a commit is answered before it is on disk. What we acknowledge is there
 * after a crash all the same.
 */
const postgres = await startCrashingPostgres();
const log = memoryLog();
const store = openAt(postgres.url);
afterAll(async () => {
  await store.close();
  await postgres.stop();
});

function openAt(url: string): PostgresStore {
  return openStore({ url, max: 4, log });
}

/** A crash ends every connection; the first statements after it may still meet one of those. */
async function numbers(table: string): Promise<readonly unknown[]> {
  const { rows } = await until('the store to answer again', () =>
    store.sql.query({ text: `SELECT n FROM ${table} ORDER BY n` }),
  );
  return rows.map((row) => row['n']);
}

test('what a resolved transaction or statement wrote outlives a crash', async () => {
  await store.sql.query({ text: 'CREATE TABLE direct (n int)' });
  await store.sql.transaction((session) => session.query({ text: 'INSERT INTO direct VALUES (1)' }));
  await postgres.crash();
  expect(await numbers('direct')).toEqual([1]);
  await store.sql.query({ text: 'INSERT INTO direct VALUES (2)' });
  await postgres.crash();
  expect(await numbers('direct')).toEqual([1, 2]);
});

test('also behind a pooler', async () => {
  const pooler = await startPgBouncer({ postgresUrl: postgres.url, poolMode: 'transaction', poolSize: 2 });
  const pooled = openAt(pooler.url);
  onTestFinished(async () => {
    await pooled.close();
    await pooler.stop();
  });
  await pooled.sql.query({ text: 'CREATE TABLE pooled (n int)' });
  await pooled.sql.transaction((session) => session.query({ text: 'INSERT INTO pooled VALUES (1)' }));
  await postgres.crash();
  expect(await numbers('pooled')).toEqual([1]);
  await until('the pooler to answer again', () => pooled.sql.query({ text: 'SELECT 1' }));
  await pooled.sql.query({ text: 'INSERT INTO pooled VALUES (2)' });
  await postgres.crash();
  expect(await numbers('pooled')).toEqual([1, 2]);
});

test('a message that the queue in Postgres stored outlives a crash', async () => {
  const names = queuePlan();
  const queue = openPostgresQueue({ store: store.sql, log });
  await queue.apply(names.plan);
  await postgres.crash();
  await until('the store to answer again', () => store.sql.query({ text: 'SELECT 1' }));
  const sent = messages(names, 20);
  const outcomes = await queue.publisher().publish(sent);
  expect(outcomes.map(({ kind }) => kind)).toEqual(sent.map(() => 'stored'));
  await postgres.crash();
  const { rows } = await until('the store to answer again', () =>
    store.sql.query({ text: 'SELECT message_id FROM nomnom_queue' }),
  );
  expect(rows.map((row) => String(row['message_id'])).toSorted()).toEqual(
    sent.map(({ messageId }) => messageId).toSorted(),
  );
});

test.each(['on', 'local', 'remote_write', 'remote_apply'])(
  'a server that commits with %s keeps that',
  async (value) => {
    const user = `commits_${value}`;
    await store.sql.query({ text: `CREATE ROLE ${user} LOGIN SUPERUSER` });
    await store.sql.query({ text: `ALTER ROLE ${user} SET synchronous_commit = '${value}'` });
    const url = new URL(postgres.url);
    url.username = user;
    const own = openAt(url.href);
    onTestFinished(() => own.close());
    expect((await own.sql.query({ text: 'SHOW synchronous_commit' })).rows).toEqual([
      { synchronous_commit: value },
    ]);
  },
);
