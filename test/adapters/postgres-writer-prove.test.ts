import { beforeEach, afterAll, expect, test } from 'vitest';
import { sessionOver } from '../../src/adapters/postgres/session.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import type { Difference } from '../../src/ports/queue.ts';
import { applyTables } from '../../src/roles/setup/apply-tables.ts';
import { freshDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { planOf } from '../support/plan.ts';
import { shop } from '../roles/worker/rig.ts';

const database = await freshDatabase();
const store = openStore({ url: database.url, max: 2, log: memoryLog() });
const plan = planOf(shop()('ready'));

beforeEach(async () => {
  await store.sql.query({ text: 'DROP TABLE IF EXISTS order_lines, orders, customers CASCADE' });
  await applyTables(store, plan);
});

afterAll(() => store.close());

test('tables that were applied take every statement, and none of them is executed', async () => {
  expect(await store.writer.prove(plan.tables)).toEqual([]);
  expect((await store.sql.query({ text: 'SELECT 1 FROM orders' })).rows).toEqual([]);
});

test.each([
  [
    'a key without its unique constraint',
    'ALTER TABLE customers DROP CONSTRAINT customers_pkey CASCADE',
    'NOM901',
    '42P10',
  ],
  ['a missing column', 'ALTER TABLE customers DROP COLUMN name', 'NOM902', '42703'],
  [
    'a column of another type',
    'ALTER TABLE customers ALTER COLUMN name TYPE date USING NULL',
    'NOM902',
    '42804',
  ],
  ['a missing table', 'DROP TABLE customers CASCADE', 'NOM902', '42P01'],
])('%s is found before the first message', async (_what, change, code, sqlstate) => {
  await store.sql.query({ text: change });
  const differences = await store.writer.prove(plan.tables);
  expect(differences).toHaveLength(1);
  expect(differences[0]).toMatchObject({ code, what: 'table customers, upsert' });
  expect(differences[0]?.found).toContain(sqlstate);
});

test('a right that the user lacks is found before the first message', async () => {
  const role = `nomnom_reader_${process.pid}`;
  await store.sql.query({ text: `CREATE ROLE ${role}` });
  try {
    await store.sql.query({ text: `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}` });
    let found: readonly Difference[] = [];
    const refused = store.sql.transaction(async (session) => {
      await session.query({ text: `SET LOCAL ROLE ${role}` });
      found = await sessionOver(session).writer.prove(plan.tables.slice(0, 1));
    });
    // The refusal also ends the transaction, which only this test needs: to change its role.
    await expect(refused).rejects.toThrow('42501');
    expect(found).toMatchObject([
      { code: 'NOM902', what: 'table customers', fixable: false, forbidden: true },
    ]);
  } finally {
    await store.sql.query({ text: `DROP OWNED BY ${role}` });
    await store.sql.query({ text: `DROP ROLE ${role}` });
  }
});
