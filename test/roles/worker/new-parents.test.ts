import { afterAll, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import type { TableWrites } from '../../../src/plan/plan.ts';
import type { Store } from '../../../src/ports/store.ts';
import type { Message } from '../../../src/roles/worker/message.ts';
import { evaluator } from '../../../src/roles/worker/receive/evaluate.ts';
import { writePlan } from '../../../src/roles/worker/write-plan.ts';
import { freshDatabase } from '../../support/database.ts';
import { failureOf } from '../../support/failure-of.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { apply } from './apply-all.ts';
import { createTable, handDelivery, handPlan, type TableSketch } from './hand-plan.ts';

/** Orders decide; their lines refer to them, and a message lists all lines of the orders that it names as parents. */
const SKETCHES: readonly TableSketch[] = [
  { name: 'orders', columns: { id: 'int', version: 'int' }, key: ['id'], action: 'newest', by: 'version' },
  {
    name: 'lines',
    columns: { order_id: 'int', number: 'int', version: 'int', note: 'text' },
    key: ['order_id', 'number'],
    action: 'newest',
    by: 'version',
    prune: ['order_id'],
    ref: [['order_id'], 'orders', ['id']],
  },
];
const plan = handPlan(SKETCHES, { Order: { root: 'orders', tables: ['orders', 'lines'] } });
const write = writePlan(plan);
const evaluate = evaluator(plan);
const database = await freshDatabase();
const store = openStore({ url: database.url, max: 2, log: memoryLog() });
afterAll(() => store.close());
await store.transaction(({ ledger }) => ledger.migrate());
for (const sketch of SKETCHES) await store.sql.query({ text: createTable(sketch) });

type Line = readonly [order: number, number: number, version: number, note: string];
let number = 0;

/** A message with an order, lines of that order or others, and only that order as their parent. */
function order(id: number, version: number, ...lines: readonly Line[]): Message {
  const writes: readonly TableWrites[] = [
    { table: 0, rows: [[id, version]], parents: [] },
    { table: 1, rows: lines, parents: [{ key: [id], version }] },
  ];
  const evaluated = evaluate(handDelivery((number += 1), 'Order', writes));
  if (evaluated.kind === 'failed') throw new Error(evaluated.error.message);
  return evaluated;
}

/** What is asked of the lines. */
const asked: string[] = [];
const watched: Store = {
  ...store,
  transaction: (work) =>
    store.transaction((session) =>
      work({
        ...session,
        writer: {
          ...session.writer,
          insertNew: (rows) => (asked.push('insertNew'), session.writer.insertNew(rows)),
          upsert: (rows) => (asked.push('upsert'), session.writer.upsert(rows)),
        },
      }),
    ),
};

beforeEach(async () => {
  asked.length = 0;
  await store.sql.query({ text: 'TRUNCATE orders, lines' });
});

async function lines(): Promise<readonly unknown[]> {
  const text = 'SELECT order_id, number, version, note FROM lines ORDER BY 1, 2';
  return (await store.sql.query({ text })).rows.map((row) => Object.values(row));
}

test('lines of orders that are all new are inserted', async () => {
  await apply(watched, write, [order(1, 1, [1, 1, 1, 'a'], [1, 2, 1, 'b']), order(2, 1, [2, 1, 1, 'c'])]);
  expect(asked).toEqual(['insertNew']);
  expect(await lines()).toEqual([
    [1, 1, 1, 'a'],
    [1, 2, 1, 'b'],
    [2, 1, 1, 'c'],
  ]);
});

test('lines are upserted where one of the orders was there', async () => {
  await apply(store, write, [order(1, 1, [1, 1, 1, 'a'], [1, 2, 1, 'b'])]);
  await apply(watched, write, [order(1, 2, [1, 1, 2, 'new']), order(2, 1, [2, 1, 1, 'c'])]);
  expect(asked).toEqual(['upsert']);
  expect(await lines()).toEqual([
    [1, 1, 2, 'new'],
    [2, 1, 1, 'c'],
  ]);
});

test('lines are upserted where a message writes one of an order that it does not list', async () => {
  await apply(store, write, [order(1, 1, [1, 1, 1, 'a'])]);
  await apply(watched, write, [order(2, 1, [1, 1, 2, 'moved'], [2, 1, 1, 'c'])]);
  expect(asked).toEqual(['upsert']);
  expect(await lines()).toEqual([
    [1, 1, 2, 'moved'],
    [2, 1, 1, 'c'],
  ]);
});

test('where a new order has lines already, because no foreign key held, the next try writes them', async () => {
  await store.sql.query({ text: 'ALTER TABLE lines DISABLE TRIGGER ALL' });
  await store.sql.query({ text: `INSERT INTO lines VALUES (1, 1, 1, 'orphan')` });
  await store.sql.query({ text: 'ALTER TABLE lines ENABLE TRIGGER ALL' });
  const batch = () => [order(1, 2, [1, 1, 2, 'a']), order(2, 1, [2, 1, 1, 'b'])];
  expect((await failureOf(apply(store, write, batch()))).code).toBe('STORE_CONFLICT');
  await apply(store, write, batch());
  expect(await lines()).toEqual([
    [1, 1, 2, 'a'],
    [2, 1, 1, 'b'],
  ]);
});
