import { expect, test } from 'vitest';
import { sessionOver } from '../../../src/adapters/postgres/session.ts';
import type { Store } from '../../../src/ports/store.ts';
import type { SqlSession } from '../../../src/sql/postgres/session.ts';
import { apply } from './apply-all.ts';
import type { Message } from '../../../src/roles/worker/message.ts';
import { planOf } from '../../support/plan.ts';
import { ORDERS_WITH_LINES } from './orders-with-lines.ts';
import { openProgramTables } from './program-tables.ts';

/** Rows of each table by the time that a statement which was planned on empty ones runs. */
const ROWS = 60_000;

const plan = planOf(`
  ${ORDERS_WITH_LINES}
  entity Stock {
    sku:  int
    gone: bool @default(false)
    store stock { key (sku)  upsert on (sku) replace  delete when gone }
  }
  entity Basket {
    id:    int
    items: Line[]?
    store baskets { key (id)  upsert on (id) keep }
  }
  derive Item from Basket as b, each b.items as item {
    ...item
    basket_id = b.id
    store items { key (basket_id, number)  upsert on (basket_id, number)  prune by (basket_id) }
  }
`);

// One connection, so that what it learned on empty tables is what it goes by.
const { write, store, message } = await openProgramTables(plan, 1);

/** Every statement of the worker on each table, for the keys `from` to before `to`. */
function messagesOf(from: number, to: number, version: number): readonly (readonly Message[])[] {
  const keys = Array.from({ length: to - from }, (_, at) => from + at);
  return [
    keys.map((id) => message('Order', { id, version, lines: [{ number: 1 }] })),
    keys.map((id) => message('Order', { id, version: version + 1, gone: true })),
    keys.map((sku) => message('Stock', { sku })),
    keys.map((sku) => message('Stock', { sku, gone: true })),
    keys.map((id) => message('Basket', { id, items: [{ number: 2 }] })),
  ];
}

/** Rows that `work` reads of tables and indexes, in all its transactions. */
async function readBy(work: (store: Store) => Promise<unknown>): Promise<number> {
  let rowsRead = 0;
  const read = async (session: SqlSession): Promise<number> => {
    const text = `SELECT coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0)::int AS n FROM pg_stat_xact_user_tables`;
    return Number((await session.query({ text })).rows[0]?.['n']);
  };
  await work({
    ...store,
    transaction: (inside) =>
      store.sql.transaction(async (session) => {
        const before = await read(session);
        const result = await inside(sessionOver(session));
        rowsRead += (await read(session)) - before;
        return result;
      }),
  });
  return rowsRead;
}

test.each([
  ['no statistics', undefined],
  ['statistics of empty tables', 'ANALYZE'],
])('with %s no statement that writes, prunes or deletes rows scans a full table', async (_, prepare) => {
  const tables = ['orders', 'lines', 'stock', 'baskets', 'items', 'nomnom_deleted_orders'];
  await store.sql.query({ text: `TRUNCATE message_status, ${tables.join(', ')}` });
  for (const table of [...tables, 'message_status'])
    await store.sql.query({ text: `ALTER TABLE ${table} SET (autovacuum_enabled = off)` });
  if (prepare !== undefined) await store.sql.query({ text: prepare });
  // Often enough for Postgres to keep a plan for good.
  for (let round = 0; round < 8; round += 1)
    for (const messages of messagesOf(round * 2, round * 2 + 2, 1)) await apply(store, write, messages);
  await store.sql.query({ text: `TRUNCATE ${tables.join(', ')}` });
  for (const text of [
    `INSERT INTO orders (id, version, gone) SELECT n, 1, false FROM generate_series(1, ${ROWS}) AS n`,
    `INSERT INTO lines (order_id, number, version) SELECT n, 2, 1 FROM generate_series(1, ${ROWS}) AS n`,
    `INSERT INTO nomnom_deleted_orders SELECT n, 1, now() FROM generate_series(${ROWS + 1}, ${2 * ROWS}) AS n`,
    `INSERT INTO stock (sku, gone) SELECT n, false FROM generate_series(1, ${ROWS}) AS n`,
    `INSERT INTO baskets (id) SELECT n FROM generate_series(1, ${ROWS}) AS n`,
    `INSERT INTO items (basket_id, number) SELECT n, 1 FROM generate_series(1, ${ROWS}) AS n`,
  ])
    await store.sql.query({ text });
  for (const messages of messagesOf(1000, 1050, 2)) {
    const what = `${messages[0]?.entity.name} ${messages[0]?.writes.some(({ deletes = [] }) => deletes.length > 0) ? 'deleted' : 'written'}`;
    const rowsRead = await readBy((watched) => apply(watched, write, messages));
    expect(rowsRead, what).toBeLessThan(ROWS / 20);
  }
});
