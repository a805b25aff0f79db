import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import { tablesOf } from '../../../src/plan/tables-of.ts';
import { applyTables } from '../../../src/roles/setup/apply-tables.ts';
import { compareTables } from '../../../src/roles/setup/compare.ts';
import { createStatements } from '../../../src/sql/postgres/ddl/create-statements.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { column, key, planOfTables, ref, table, unique } from './tables.ts';

const database = await freshDatabase();
const store = openStore({ url: database.url, max: 4, log: memoryLog() });
afterAll(() => store.close());

const otherDatabase = await freshDatabase();
const other = openStore({ url: otherDatabase.url, max: 2, log: memoryLog() });
afterAll(() => other.close());

const customers = table('customers', [column('customer_key', 'bigint')], [key('customers', 'customer_key')]);
const orders = table(
  'orders',
  [
    column('order_key', 'bigint', { doc: "the shop's own number" }),
    column('customer_key', 'bigint'),
    column('status', 'text', { allowed: ['O', "it's", 'a\\b'] }),
    column('flags', 'text[]', { allowed: ['x', 'y'], nullable: true }),
    column('name', 'text(25)', { nullable: true }),
    column('total', 'decimal(15,2)'),
    column('placed_at', 'timestamp'),
    column('Mixed "case"', 'float', { nullable: true }),
  ],
  [key('orders', 'order_key'), unique('orders_name_key', ['customer_key', 'name'], true)],
  {
    doc: 'One row for each order.',
    indexes: [{ name: 'orders_customer_idx', columns: ['customer_key', 'placed_at'] }],
    refs: [ref('orders_customer_fkey', ['customer_key'], 0)],
  },
);
const archive = table('orders', [column('id', 'uuid')], [key('orders', 'id')], { schema: 'cold storage' });
const plan = planOfTables(customers, orders, archive);

async function differences(of = plan) {
  return compareTables(of, await store.catalog.readTables(tablesOf(of))).differences;
}

async function run(...statements: readonly string[]): Promise<void> {
  for (const text of statements) await store.sql.query({ text });
}

test('apply makes everything that the plan says, and says what it made', async () => {
  const missing = await differences();
  expect(missing.map(({ what, found, fixable }) => [what, found, fixable])).toEqual([
    ['table customers', 'no such table', true],
    ['table orders', 'no such table', true],
    ['table cold storage.orders', 'no such table', true],
  ]);
  const lines = await applyTables(store, plan);
  expect(lines.slice(-7)).toEqual([
    'schema cold storage: create',
    'table customers: create, 1 columns',
    'table orders: create, 8 columns',
    'table cold storage.orders: create, 1 columns',
    'table orders: add index (customer_key, placed_at)',
    'table orders: add ref (customer_key) -> customers (customer_key)',
    'table orders: comment',
  ]);
  expect(await differences()).toEqual([]);
});

test('apply a second time does nothing', async () => {
  expect(await applyTables(store, plan)).toEqual([]);
});

test('of several applies at once one makes everything, and the others find it done', async () => {
  for (let round = 0; round < 5; round += 1) {
    const names = ['a', 'b', 'c'].map((letter) => `twin_${round}${letter}`);
    const twins = planOfTables(...names.map((name) => table(name, [column('id', 'int')], [key(name, 'id')])));
    const all = await Promise.all(Array.from({ length: 4 }, () => applyTables(store, twins)));
    expect(all.flat()).toEqual(names.map((name) => `table ${name}: create, 1 columns`));
  }
});

test('comments reach the database and follow the file', async () => {
  const read = `SELECT col_description('orders'::regclass, 1) AS key, obj_description('orders'::regclass) AS "table"`;
  expect((await store.sql.query({ text: read })).rows).toEqual([
    { key: "the shop's own number", table: 'One row for each order.' },
  ]);
  const renamed = planOfTables(customers, { ...orders, doc: 'Orders.' }, archive);
  expect(await differences(renamed)).toEqual([]);
  expect(await applyTables(store, renamed)).toEqual(['table orders: comment']);
  expect((await store.sql.query({ text: read })).rows[0]?.['table']).toBe('Orders.');
});

test('the statements that explain prints make the same tables as apply', async () => {
  for (const text of createStatements(plan)) await other.sql.query({ text });
  expect(compareTables(plan, await other.catalog.readTables(tablesOf(plan)))).toEqual({
    differences: [],
    repairs: [],
  });
});

test('a column, a constraint, an index, a ref and an allowed string that came later are added', async () => {
  const before = table(
    'growing',
    [column('id', 'bigint'), column('kind', 'text', { allowed: ['a'] }), column('name', 'text(5)')],
    [key('growing', 'id')],
  );
  await applyTables(store, planOfTables(customers, before));
  await run(`INSERT INTO growing VALUES (1, 'a', 'five5')`);
  const after = table(
    'growing',
    [
      column('id', 'bigint'),
      column('kind', 'text', { allowed: ['a', 'b'] }),
      column('name', 'text(10)', { nullable: true }),
      column('customer_key', 'bigint', { nullable: true }),
    ],
    [key('growing', 'id'), unique('growing_name_key', ['name'])],
    {
      indexes: [{ name: 'growing_kind_idx', columns: ['kind'] }],
      refs: [ref('growing_customer_fkey', ['customer_key'], 0)],
    },
  );
  const lines = await applyTables(store, planOfTables(customers, after));
  expect(lines).toEqual([
    'table growing: widen column name to varchar(10)',
    'table growing: allow nulls in column name',
    'table growing: add column customer_key bigint',
    'table growing: add unique (name)',
    "table growing: allow 'b' in column kind",
    'table growing: add index (kind)',
    'table growing: add ref (customer_key) -> customers (customer_key)',
  ]);
  expect(await differences(planOfTables(customers, after))).toEqual([]);
  expect((await store.sql.query({ text: 'SELECT id, kind, name FROM growing' })).rows).toEqual([
    { id: '1', kind: 'a', name: 'five5' },
  ]);
});

test('apply never narrows, drops or fills: what could lose something stays for a person', async () => {
  await run(
    `CREATE TABLE kept (id bigint PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('a', 'b')), name text NOT NULL, more text)`,
    `INSERT INTO kept VALUES (1, 'b', 'long', 'more')`,
  );
  const narrower = planOfTables(
    table(
      'kept',
      [
        column('id', 'int'),
        column('kind', 'text', { allowed: ['a'] }),
        column('name', 'text(2)'),
        column('added', 'text'),
      ],
      [key('kept', 'id')],
    ),
  );
  expect(await applyTables(store, narrower)).toEqual([]);
  expect((await differences(narrower)).map(({ what, found, fixable }) => [what, found, fixable])).toEqual([
    ['table kept, column id', 'bigint', false],
    ['table kept, column name', 'text', false],
    ['table kept, column added', 'no such column, and rows that would have no value for it', false],
    ['table kept, column kind, allowed strings', "'a', 'b' in check kept_kind_check", false],
  ]);
  expect((await store.sql.query({ text: 'SELECT * FROM kept' })).rows).toEqual([
    { id: '1', kind: 'b', name: 'long', more: 'more' },
  ]);
});

test('rows that break a new constraint stop apply as a whole, and it names the step', async () => {
  const before = table('doubled', [column('id', 'int'), column('name', 'text')], [key('doubled', 'id')]);
  await applyTables(store, planOfTables(before));
  await run(`INSERT INTO doubled VALUES (1, 'same'), (2, 'same')`);
  const after = table(
    'doubled',
    [...before.columns, column('note', 'text', { nullable: true })],
    [key('doubled', 'id'), unique('doubled_name_key', ['name'])],
  );
  await expect(applyTables(store, planOfTables(after))).rejects.toMatchObject({
    code: 'STORE_REFUSED',
    message: expect.stringContaining('table doubled: add unique (name)'),
  });
  expect((await differences(planOfTables(after))).map(({ what }) => what)).toEqual([
    'table doubled, column note',
    'table doubled, unique (name)',
  ]);
});
