import { beforeEach, afterAll, expect, test } from 'vitest';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import type { Plan, TableWrites } from '../../../src/plan/plan.ts';
import { apply } from './apply-all.ts';
import { evaluator } from '../../../src/roles/worker/receive/evaluate.ts';
import type { Message } from '../../../src/roles/worker/message.ts';
import { segments } from '../../../src/roles/worker/write/segments.ts';
import { writePlan } from '../../../src/roles/worker/write-plan.ts';
import type { Value } from '../../../src/types/value.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { createTable, handDelivery, handPlan, type TableSketch } from './hand-plan.ts';

const database = await freshDatabase();
const store = openStore({ url: database.url, max: 2, log: memoryLog() });

/** Orders in versions, and lines that a list of their own prunes: `basket` may be shared by orders. */
const SKETCHES: readonly TableSketch[] = [
  { name: 'orders', columns: { id: 'int', version: 'int' }, key: ['id'], action: 'newest', by: 'version' },
  {
    name: 'lines',
    columns: { basket: 'int', line: 'int', version: 'int' },
    key: ['basket', 'line'],
    action: 'newest',
    by: 'version',
    prune: ['basket'],
  },
];
const PLAN = handPlan(SKETCHES, { Order: { root: 'orders', tables: ['orders', 'lines'] } });

beforeEach(async () => {
  await store.sql.query({ text: 'DROP SCHEMA public CASCADE' });
  await store.sql.query({ text: 'CREATE SCHEMA public' });
  await store.transaction(({ ledger }) => ledger.migrate());
  for (const sketch of SKETCHES) await store.sql.query({ text: createTable(sketch) });
});

afterAll(() => store.close());

let number = 0;

function message(plan: Plan, entity: string, writes: readonly TableWrites[]): Message {
  const evaluated = evaluator(plan)(handDelivery((number += 1), entity, writes));
  if (evaluated.kind === 'failed') throw new Error(evaluated.error.message);
  return evaluated;
}

function order(id: number, version: number, basket: number, lines: readonly number[]): Message {
  return message(PLAN, 'Order', [
    { table: 0, rows: [[id, version]], parents: [] },
    { table: 1, rows: lines.map((line) => [basket, line, version]), parents: [{ key: [basket], version }] },
  ]);
}

const write = (plan: Plan) => writePlan(plan);
const rows = async (text: string) => (await store.sql.query({ text })).rows.map((row) => Object.values(row));

test('a list whose message is superseded gives way to the list that it had replaced', async () => {
  await apply(store, write(PLAN), [order(2, 9, 2, [1])]);
  const { applied, superseded } = await apply(store, write(PLAN), [
    order(1, 1, 7, [1, 2]),
    order(2, 5, 7, [3]),
  ]);
  expect([applied.length, superseded.length]).toEqual([1, 1]);
  expect(await rows('SELECT basket, line, version FROM lines ORDER BY 1, 2')).toEqual([
    [2, 1, 9],
    [7, 1, 1],
    [7, 2, 1],
  ]);
});

test('many versions of one order are written by one statement for each table', () => {
  const messages = [1, 2, 3, 4, 5].map((version) => order(1, version, 1, [1, version]));
  const parts = segments(write(PLAN), [...messages, order(1, 3, 1, [9])]);
  expect(parts).toHaveLength(1);
  expect(parts[0]?.messages).toEqual([messages[4]]);
  expect(parts[0]?.superseded).toHaveLength(5);
});

test('a batch of two hundred orders is one segment', () => {
  const messages = Array.from({ length: 200 }, (_, at) => order(at, 1, at, [1, 2, 3]));
  expect(segments(write(PLAN), messages)).toHaveLength(1);
});

test('what a message adds is summed exactly, within a batch and across batches', async () => {
  const sketch: TableSketch = {
    name: 'totals',
    columns: { id: 'int', amount: 'bigint?', note: 'text?' },
    key: ['id'],
    action: 'add',
    by: ['amount'],
  };
  await store.sql.query({ text: createTable(sketch) });
  const plan = handPlan([sketch], { Sale: { root: 'totals', tables: ['totals'] } });
  const sale = (amount: Value, note: string) =>
    message(plan, 'Sale', [{ table: 0, rows: [[1, amount, note]], parents: [] }]);
  await apply(store, write(plan), [sale(5n, 'a'), sale(null, 'b'), sale(7n, 'c')]);
  await apply(store, write(plan), [sale(30n, 'd')]);
  expect(await rows('SELECT id, amount, note FROM totals')).toEqual([[1, '42', 'd']]);
});
