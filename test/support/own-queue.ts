import { inject, onTestFinished } from 'vitest';
import { openPostgresQueue } from '../../src/adapters/postgres-queue/queue.ts';
import { openStore, type PostgresStore } from '../../src/adapters/postgres/store.ts';
import type { SqlSession } from '../../src/sql/postgres/session.ts';
import { queuePlan, type QueuePlanChanges } from '../conformance/queue-plan.ts';
import { createDatabase } from './database.ts';
import { memoryLog } from './memory-log.ts';

const log = memoryLog();
export const FETCH = { max: 500, wait: 2_000, linger: 0, signal: new AbortController().signal };

/** A database of its own, where nothing is ever vacuumed or analysed, and one connection for each statement at a time. */
export async function ownStore(max = 4): Promise<{ readonly store: PostgresStore; readonly url: string }> {
  const database = await createDatabase(inject('databaseUrl'));
  const store = openStore({ url: database.url, max, log });
  onTestFinished(async () => {
    await store.close();
    await database.drop();
  });
  return { store, url: database.url };
}

export async function ownQueue(changes: QueuePlanChanges = {}) {
  const { store, url } = await ownStore();
  const names = queuePlan(changes);
  const queue = openPostgresQueue({ store: store.sql, log });
  await queue.apply(names.plan);
  await neverVacuumed(store);
  return { store, url, names, queue, consumer: await queue.consumer(names.consume) };
}

/** As a fresh installation is until autovacuum comes by, and the embedded Postgres for ever. */
async function neverVacuumed(store: PostgresStore): Promise<void> {
  const { rows } = await store.sql.query({
    text: `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relname LIKE 'nomnom\\_queue%'`,
  });
  for (const { name } of rows)
    await store.sql.query({ text: `ALTER TABLE ${String(name)} SET (autovacuum_enabled = off)` });
}

/** The first value that a statement gives. */
export async function number(session: SqlSession, text: string): Promise<number> {
  return Number(Object.values((await session.query({ text })).rows[0] ?? {})[0]);
}
