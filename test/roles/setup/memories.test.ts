import { afterAll, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import { tablesOf } from '../../../src/plan/tables-of.ts';
import { applyTables } from '../../../src/roles/setup/apply-tables.ts';
import { compareTables } from '../../../src/roles/setup/compare.ts';
import { apply } from '../worker/apply-all.ts';
import { evaluator } from '../../../src/roles/worker/receive/evaluate.ts';
import { writePlan } from '../../../src/roles/worker/write-plan.ts';
import { codesOf } from '../../model/finding-codes.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';

const database = await freshDatabase();
const store = openStore({ url: database.url, max: 2, log: memoryLog() });
afterAll(() => store.close());
beforeEach(async () => {
  await store.sql.query({ text: 'DROP SCHEMA public CASCADE' });
  await store.sql.query({ text: 'DROP SCHEMA IF EXISTS sales CASCADE' });
  await store.sql.query({ text: 'CREATE SCHEMA public' });
});

const program = (items: string, name = 'sales.stock') => `
  entity Stock {
    sku: text(20)  shop: int?  deleted_at: timestamp  version: int  gone: bool @default(false)
    store ${name} { ${items} }
  }`;
const VERSIONED = program('key (sku)  upsert on (sku) newest by version  delete when gone');

const differences = async (plan = planOf(VERSIONED)) =>
  compareTables(plan, await store.catalog.readTables(tablesOf(plan))).differences.map(
    ({ code, what, fixable }) => ({
      code,
      what,
      fixable,
    }),
  );

test('what is deleted from a store with versions is remembered beside nomnom’s own tables, and in no other case', async () => {
  const made = await applyTables(store, planOf(VERSIONED));
  expect(made).toContain('table nomnom_deleted_sales_stock: create, 3 columns');
  expect(await differences()).toEqual([]);
  expect(await applyTables(store, planOf(VERSIONED))).toEqual([]);
  for (const items of [
    'key (sku)  upsert on (sku) newest by version',
    'key (sku)  upsert on (sku) replace  delete when gone',
  ])
    expect(planOf(program(items)).tables.flatMap((table) => table.delete?.tombstones ?? [])).toEqual([]);
});

test('a memory that is gone or has lost its key is found before the first message, and fixed', async () => {
  const plan = planOf(VERSIONED);
  await applyTables(store, plan);
  await store.sql.query({
    text: 'ALTER TABLE nomnom_deleted_sales_stock DROP CONSTRAINT nomnom_deleted_sales_stock_pkey',
  });
  expect(await differences()).toEqual([
    { code: 'NOM901', what: 'table nomnom_deleted_sales_stock, key (sku)', fixable: true },
  ]);
  expect(await store.writer.prove(plan.tables)).toMatchObject([
    { code: 'NOM901', what: 'table nomnom_deleted_sales_stock, remember' },
  ]);
  await applyTables(store, plan);
  await store.sql.query({ text: 'DROP TABLE nomnom_deleted_sales_stock' });
  expect(await differences()).toEqual([
    { code: 'NOM902', what: 'table nomnom_deleted_sales_stock', fixable: true },
  ]);
  await applyTables(store, plan);
  expect([await differences(), await store.writer.prove(plan.tables)]).toEqual([[], []]);
});

let number = 0;

test.each([
  [
    'a key with nulls',
    program('unique (sku, shop) nulls equal  upsert on (sku, shop) newest by version  delete when gone'),
  ],
  [
    'a version called as the moment of the deletion',
    program('key (sku)  upsert on (sku) newest by deleted_at  delete when gone'),
  ],
  ['a table of the user', VERSIONED.replace('sales.stock', 'sales.stock existing')],
])('%s: an older row does not come back', async (_what, text) => {
  const plan = planOf(text);
  await store.sql.query({ text: 'CREATE SCHEMA sales' });
  await store.sql.query({
    text: `CREATE TABLE sales.stock (
      sku varchar(20) PRIMARY KEY, shop int, deleted_at timestamptz NOT NULL, version int NOT NULL, gone bool NOT NULL)`,
  });
  if (plan.tables[0]?.existing === false) await store.sql.query({ text: 'DROP TABLE sales.stock' });
  await applyTables(store, plan);
  expect([await differences(plan), await store.writer.prove(plan.tables)]).toEqual([[], []]);
  const evaluate = evaluator(plan);
  const write = writePlan(plan);
  const states: string[] = [];
  for (const [version, gone] of [
    [1, false],
    [3, true],
    [2, false],
    [3, false],
    [4, false],
  ]) {
    number += 1;
    const body = { sku: 'a', version, gone, deleted_at: `2024-01-0${version}T00:00:00Z` };
    const message = evaluate({
      messageId: `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
      entity: 'Stock',
      generation: 0,
      program: undefined,
      body: Buffer.from(JSON.stringify(body)),
      headers: {},
      receivedAt: 1_700_000_000_000,
      deliveries: 1,
    });
    if (message.kind === 'failed') throw new Error(message.error.message);
    const { superseded } = await apply(store, write, [message]);
    const { rows } = await store.sql.query({ text: 'SELECT version FROM sales.stock' });
    states.push(
      `${superseded.length === 0 ? 'applied' : 'superseded'} ${rows.map((row) => row['version']).join()}`,
    );
  }
  expect(states).toEqual(['applied 1', 'applied ', 'superseded ', 'superseded ', 'applied 4']);
});

test('two tables whose deletions would be remembered in one are refused', () => {
  const other = VERSIONED.replace('entity Stock', 'entity Other');
  expect(codesOf(`${VERSIONED} ${other.replace('sales.stock', 'sales_stock')}`)).toEqual(['NOM209']);
  expect(codesOf(`${VERSIONED} ${other.replace('sales.stock', 'shop.stock')}`)).toEqual([]);
});
