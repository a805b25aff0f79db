import { expect, test } from 'vitest';
import type { Message } from '../../../src/roles/worker/message.ts';
import { planOf } from '../../support/plan.ts';
import { apply } from './apply-all.ts';
import { openProgramTables } from './program-tables.ts';

const plan = planOf(`
  shape Line { number: int  note: text }
  entity Order {
    id:      int
    version: int
    lines:   Line[]
    store orders { key (id)  upsert on (id) newest by version }
  }
  derive OrderLine from Order as o, each o.lines as line {
    ...line
    order_id: int = o.id
    version:  int = o.version
    store order_lines {
      key (order_id, number)
      upsert on (order_id, number) newest by version
      ref (order_id) -> Order (id)
      prune by (order_id)
    }
  }
`);
const { write, store, message } = await openProgramTables(plan, 2);

const order = (id: number, version: number, ...notes: readonly string[]): Message =>
  message('Order', { id, version, lines: notes.map((note, number) => ({ number, note })) });

async function lines(): Promise<readonly unknown[]> {
  const text = 'SELECT order_id, number, version, note FROM order_lines ORDER BY 1, 2';
  return (await store.sql.query({ text })).rows.map((row) => Object.values(row));
}

test('a message whose rows were dropped has equal rows again', () => {
  const dropped = order(1, 1, 'a', 'b');
  const { writes, root } = dropped;
  expect(dropped.writes).toBe(writes);
  dropped.dropRows();
  expect(dropped.writes).not.toBe(writes);
  expect(dropped.writes).toEqual(writes);
  expect(dropped.root).toEqual(root);
  expect(dropped.root).toBe(dropped.writes[0]?.rows[0]);
});

test('nothing holds the rows of a batch while Postgres writes them', async () => {
  const batch = [order(11, 1, 'a'), order(12, 1, 'b')];
  const before = batch.map(({ writes }) => writes);
  await apply(store, write, batch);
  for (const [at, { writes }] of batch.entries()) {
    expect(writes).not.toBe(before[at]);
    expect(writes).toEqual(before[at]);
  }
});

test('a message that turns out to be superseded writes none of its lines, and those beside it all of theirs', async () => {
  await apply(store, write, [order(22, 5, 'newest', 'second')]);
  const { applied, superseded } = await apply(store, write, [
    order(21, 1, 'a'),
    order(22, 4, 'older', 'older', 'older'),
    order(23, 1, 'b', 'c'),
  ]);
  expect([applied.length, superseded.length]).toEqual([2, 1]);
  expect((await lines()).filter((line) => Number((line as readonly number[])[0]) > 20)).toEqual([
    [21, 0, 1, 'a'],
    [22, 0, 5, 'newest'],
    [22, 1, 5, 'second'],
    [23, 0, 1, 'b'],
    [23, 1, 1, 'c'],
  ]);
});

test('of new and known orders in one batch, the known ones lose the lines that they list no more', async () => {
  await apply(store, write, [order(31, 1, 'a', 'b', 'c'), order(32, 1, 'd', 'e')]);
  await apply(store, write, [order(31, 2, 'a'), order(33, 1, 'f'), order(32, 2)]);
  expect((await lines()).filter((line) => Number((line as readonly number[])[0]) > 30)).toEqual([
    [31, 0, 2, 'a'],
    [33, 0, 1, 'f'],
  ]);
});
