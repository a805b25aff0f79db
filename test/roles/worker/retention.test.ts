import { randomUUID } from 'node:crypto';
import { expect, inject, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import { openStore, type PostgresStore } from '../../../src/adapters/postgres/store.ts';
import type { TombstonePlan } from '../../../src/plan/plan.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { DeadEntry, LedgerEntry } from '../../../src/ports/ledger-entries.ts';
import { retentionOf, runRetention, walk } from '../../../src/roles/retention/retention.ts';
import { startRole } from '../../../src/runtime/role.ts';
import { createDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';
import { until } from '../../support/until.ts';
import { customer, openRig, shop } from './rig.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const clock: Clock = { now: () => Date.now(), sleep: () => Promise.resolve() };

async function openLedger(): Promise<PostgresStore> {
  const database = await createDatabase(inject('databaseUrl'));
  const store = openStore({ url: database.url, max: 4, log: memoryLog() });
  onTestFinished(async () => {
    await store.close();
    await database.drop();
  });
  await store.transaction(({ ledger }) => ledger.migrate());
  return store;
}

const walkThrough = (store: PostgresStore, tombstones: readonly TombstonePlan[] = [], clocked = clock) =>
  walk({
    pipeline: 'shop',
    retention: { statuses: 30 * DAY, deadLetters: 90 * DAY, tombstones },
    store,
    clock: clocked,
    log: memoryLog(),
    signal: new AbortController().signal,
  });

const message = (pipeline = 'shop'): LedgerEntry => ({
  messageId: randomUUID(),
  pipeline,
  entity: 'Order',
  generation: 0,
  receivedAt: 1,
});

const dead = (): DeadEntry => ({
  ...message(),
  error: { code: 'too_long', message: 'too long', entity: 'Order', field: '', pointer: '' },
  body: Buffer.from('{}'),
  headers: {},
});

async function age(store: PostgresStore, days: number, ids: readonly string[]): Promise<void> {
  for (const [table, id, column] of [
    ['message_status', 'message_id', 'updated_at'],
    ['dead_letters', 'message_id', 'failed_at'],
    ['idempotency_keys', 'id', 'bound_at'],
  ]) {
    const text = `UPDATE ${table} SET ${column} = now() - $2 * interval '1 day' WHERE ${id} = ANY ($1::uuid[])`;
    await store.sql.query({ text, values: [[...ids], days] });
  }
}

async function idsIn(store: PostgresStore, table: string, column = 'message_id'): Promise<readonly string[]> {
  const { rows } = await store.sql.query({ text: `SELECT ${column} AS id FROM ${table} ORDER BY 1` });
  return rows.map((row) => String(row['id']));
}

test('only what is settled and past its time goes; what is open, young, or another pipeline’s stays', async () => {
  const store = await openLedger();
  const [old, young, waiting, foreign] = [message(), message(), message(), message('other')] as const;
  const [letter, oldLetter] = [dead(), dead()] as const;
  await store.ledger.claim([old, young, foreign]);
  await store.ledger.recordAccepted([waiting]);
  await store.ledger.recordDeadLetters([letter, oldLetter]);
  await age(
    store,
    31,
    [old, waiting, foreign, letter].map(({ messageId }) => messageId),
  );
  await age(store, 91, [oldLetter.messageId]);
  expect(await walkThrough(store)).toEqual({ dead_letters: 1, statuses: 2, keys: 0, deletions: 0 });
  const kept = [young, waiting, foreign, letter].map(({ messageId }) => messageId);
  expect(await idsIn(store, 'message_status')).toEqual(kept.toSorted());
  expect(await idsIn(store, 'dead_letters')).toEqual([letter.messageId]);
});

test('a key is kept for as long as the status of its message', async () => {
  const store = await openLedger();
  const [open, gone] = [message(), message()] as const;
  await store.ledger.recordAccepted([open]);
  await store.ledger.claim([gone]);
  await store.ledger.bindKeys(
    'shop',
    [open, gone].map(({ messageId }) => ({ id: messageId, hash: 'ab' })),
  );
  await age(store, 31, [open.messageId, gone.messageId]);
  expect(await walkThrough(store)).toEqual({ dead_letters: 0, statuses: 1, keys: 1, deletions: 0 });
  expect(await idsIn(store, 'idempotency_keys', 'id')).toEqual([open.messageId]);
});

test('thousands go in small steps, whose pauses leave time for 25,000 a second, and a row that a worker holds is passed by', async () => {
  const store = await openLedger();
  await store.sql.query({
    text: `
INSERT INTO message_status (message_id, pipeline, entity_type, status, received_at, updated_at)
SELECT gen_random_uuid(), 'shop', 'Order', 'completed', now(), now() - interval '31 days' FROM generate_series(1, 30000)`,
  });
  let paused = 0;
  const counting = {
    ...clock,
    sleep(ms: number) {
      paused += ms;
      return Promise.resolve();
    },
  };
  const [held] = await idsIn(store, 'message_status');
  await store.sql.transaction(async (session) => {
    await session.query({
      text: 'SELECT FROM message_status WHERE message_id = $1::uuid FOR UPDATE',
      values: [held],
    });
    expect(await walkThrough(store, [], counting)).toMatchObject({ statuses: 29_999 });
    expect(paused).toBeLessThan((30_000 / 25_000) * 1000);
  });
  expect(await idsIn(store, 'message_status')).toEqual([held]);
  expect(await walkThrough(store)).toMatchObject({ statuses: 1 });
});

test('a purge that removes rows takes nothing from workers that write at the same time', async () => {
  const store = await openLedger();
  await store.sql.query({
    text: `
INSERT INTO message_status (message_id, pipeline, entity_type, status, received_at, updated_at)
SELECT gen_random_uuid(), 'shop', 'Order', 'completed', now(), now() - interval '31 days' FROM generate_series(1, 20000)`,
  });
  const known = await idsIn(store, 'message_status');
  let purging = true;
  const written: LedgerEntry[] = [];
  const write = async (first: number) => {
    for (let at = first; purging; at += 50) {
      const fresh = Array.from({ length: 50 }, () => message());
      // Old ones come again too, as a replay does: then they are open, or young, and stay.
      const again = known.slice(at, at + 5).map((messageId) => ({ ...message(), messageId, generation: 1 }));
      await store.ledger.recordAccepted(fresh);
      const all = [...fresh, ...again];
      expect((await store.ledger.claim(all)).size).toBe(all.length);
      written.push(...all);
    }
  };
  const [purged] = await Promise.all([
    walkThrough(store).finally(() => {
      purging = false;
    }),
    write(0),
    write(10_000),
  ]);
  expect(written.length).toBeGreaterThan(0);
  expect(purged.statuses).toBeGreaterThan(10_000);
  await walkThrough(store);
  expect(await idsIn(store, 'message_status')).toEqual(
    [...new Set(written.map(({ messageId }) => messageId))].toSorted(),
  );
});

test('a deletion is remembered for as long as statuses are kept', async () => {
  const store = await openLedger();
  const { tables } = planOf(`
entity Stock {
  sku: text  version: int  gone: bool
  store sales.stock existing { key (sku)  upsert on (sku) newest by version  delete when gone }
}`);
  const tombstones = tables.flatMap((table) => table.delete?.tombstones ?? []);
  for (const { table } of tombstones) await store.catalog.change({ kind: 'create-table', table });
  await store.sql.query({
    text: `
INSERT INTO nomnom_deleted_sales_stock (sku, version, deleted_at)
SELECT 'old ' || n, 1, now() - interval '31 days' FROM generate_series(1, 2500) AS n
UNION ALL SELECT 'young', 1, now() - interval '29 days'`,
  });
  expect(await walkThrough(store, tombstones)).toMatchObject({ deletions: 2500 });
  expect(await idsIn(store, 'nomnom_deleted_sales_stock', 'sku')).toEqual(['young']);
});

test('the steps read ranges of pages, never the whole table', async () => {
  const store = await openLedger();
  await store.sql.query({
    text: `
INSERT INTO message_status (message_id, pipeline, entity_type, status, received_at, updated_at)
SELECT gen_random_uuid(), 'shop', 'Order', 'completed', now(), now() FROM generate_series(1, 50000)`,
  });
  await store.sql.query({ text: 'ANALYZE message_status' });
  const text = `EXPLAIN SELECT FROM message_status WHERE ctid >= $1::tid AND ctid < $2::tid`;
  const { rows } = await store.sql.query({ text, values: ['(0,0)', '(256,0)'] });
  expect(JSON.stringify(rows)).toContain('Tid Range Scan');
});

test('a purge that Postgres cannot serve is put off, and ends with the worker', async () => {
  const store = await openLedger();
  await store.ledger.claim([message()]);
  const stopping = new AbortController();
  const log = memoryLog();
  let failures = 0;
  const ending = runRetention({
    pipeline: 'shop',
    retention: { statuses: DAY, deadLetters: DAY, tombstones: [] },
    store: {
      ...store,
      transaction: async (work) => {
        if (failures++ === 0) await store.sql.query({ text: 'SELECT FROM nothing_of_that_name' });
        stopping.abort();
        return store.transaction(work);
      },
    },
    clock,
    log,
    signal: stopping.signal,
  });
  await ending;
  expect(failures).toBe(2);
});

test('a role that works purges by itself, after a rest in which what was applied before may come again', async () => {
  const rig = await openRig('Postgres', shop('keep_statuses: 1h'));
  const old = message(rig.plan.pipeline);
  await rig.store.ledger.claim([old]);
  await age(rig.store, 1, [old.messageId]);
  const rests: number[] = [];
  const { promise: rested, resolve: rest } = Promise.withResolvers<void>();
  const role = await startRole({
    listen: { port: 0, host: '127.0.0.1' },
    prove: () => Promise.resolve(),
    plan: rig.plan,
    role: rig.role,
    queue: rig.queue,
    store: rig.store,
    log: rig.log,
    clock: {
      now: systemClock.now,
      sleep: (milliseconds, signal) => {
        if (milliseconds < 5 * 60_000) return systemClock.sleep(milliseconds, signal);
        rests.push(milliseconds);
        return rests.length === 1 ? rested : systemClock.sleep(milliseconds, signal);
      },
    },
  });
  onTestFinished(() => role.stop());
  await rig.publish([customer(1)]);
  await rig.settled(2);
  expect(rests).toHaveLength(1);
  rest();
  await until('the purge', () => Promise.resolve(rests.length === 2));
  expect(await rig.statuses()).toEqual({ completed: 1 });
  expect(await rig.status(old.messageId)).toBeUndefined();
});

test('of several roles that consume, the one that keeps longest decides', () => {
  const plan = planOf(`
entity Ping { id: uuid  store pings { key (id)  upsert on (id) keep } }
entity Pong { id: uuid  store pongs { key (id)  upsert on (id) keep } }
stream S { subject ingest = "s.{entity}" }
role ingest { publish S.ingest  keep_statuses: 400d }
role pings { consume S.ingest only Ping  keep_statuses: 7d }
role pongs { consume S.ingest only Pong  keep_dead_letters: 7d }
`);
  expect(retentionOf(plan)).toEqual({ statuses: 30 * DAY, deadLetters: 90 * DAY, tombstones: [] });
});
