import * as fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { apply } from './apply-all.ts';
import { segments } from '../../../src/roles/worker/write/segments.ts';
import { emptyTables } from '../../../src/tools/testing/tables.ts';
import { planOf } from '../../support/plan.ts';
import { runs } from '../../support/property-runs.ts';
import { ORDERS_WITH_LINES } from './orders-with-lines.ts';
import { openProgramTables } from './program-tables.ts';

const plan = planOf(`
  ${ORDERS_WITH_LINES}
  derive Touched from Order as o {
    id      = o.id
    version = o.version
    store touched { key (id, version)  upsert on (id, version) }
  }
  entity Stock {
    sku:  text
    note: text?
    gone: bool @default(false)
    store stock { key (sku)  upsert on (sku) replace  delete when gone }
  }
  entity Patch {
    sku:  text
    a:    int?
    b:    int?
    gone: bool @default(false)
    store patches { key (sku)  upsert on (sku) merge  delete when gone }
  }
  entity Count {
    sku:    text
    amount: int
    gone:   bool @default(false)
    store counts { key (sku)  upsert on (sku) add (amount)  delete when gone }
  }
`);
const tables = ['orders', 'lines', 'touched', 'stock', 'patches', 'counts', 'nomnom_deleted_orders'];

// One connection, so that a role that a test takes holds for all its statements.
const { write, store, message } = await openProgramTables(plan, 1);
const empty = () => store.sql.query({ text: `TRUNCATE message_status, ${tables.join(', ')}` });

beforeEach(empty);

async function rows(table: string): Promise<readonly unknown[]> {
  const found = await store.sql.query({
    text: `SELECT to_jsonb(t)::text AS row FROM ${table} AS t ORDER BY t`,
  });
  return found.rows.map((row): unknown => JSON.parse(String(row['row'])));
}

test('a tombstone takes away what came before it, in its batch and in earlier ones; what comes behind it stays', async () => {
  await apply(store, write, [message('Stock', { sku: 'a' }), message('Stock', { sku: 'b' })]);
  await apply(store, write, [
    message('Stock', { sku: 'c' }),
    message('Stock', { sku: 'a', gone: true }),
    message('Stock', { sku: 'c', gone: true }),
    message('Stock', { sku: 'b', gone: true }),
    message('Stock', { sku: 'b', note: 'again' }),
  ]);
  expect(await rows('stock')).toEqual([{ sku: 'b', note: 'again', gone: false }]);
});

test('a tombstone takes the lines of its order first, whose foreign key would keep it', async () => {
  await apply(store, write, [message('Order', { id: 1, version: 1, lines: [{ number: 1 }, { number: 2 }] })]);
  const tombstone = message('Order', { id: 1, version: 2, gone: true });
  expect(await apply(store, write, [tombstone])).toMatchObject({ applied: [tombstone], superseded: [] });
  expect(await rows('orders')).toEqual([]);
  expect(await rows('lines')).toEqual([]);
});

test('a tombstone that still lists lines writes none of them: they would refer to what it deletes', async () => {
  await apply(store, write, [message('Order', { id: 1, version: 1, lines: [{ number: 1 }, { number: 2 }] })]);
  await apply(store, write, [message('Order', { id: 1, version: 2, gone: true, lines: [{ number: 2 }] })]);
  expect([await rows('orders'), await rows('lines')]).toEqual([[], []]);
  expect(await rows('touched')).toHaveLength(2);
});

test.each([4, 5])(
  'a tombstone of version %i is superseded by a row of version 5, with all that it writes',
  async (version) => {
    await apply(store, write, [message('Order', { id: 1, version: 5, lines: [{ number: 1 }] })]);
    const late = message('Order', { id: 1, version, gone: true });
    expect(await apply(store, write, [late])).toMatchObject({ applied: [], superseded: [late] });
    expect(await rows('orders')).toMatchObject([{ id: 1, version: 5 }]);
    expect(await rows('lines')).toMatchObject([{ number: 1 }]);
    expect(await rows('touched')).toEqual([{ id: 1, version: 5 }]);
  },
);

test('an older message after a deletion is superseded, with all that it writes, whichever batch it comes in', async () => {
  await apply(store, write, [message('Order', { id: 1, version: 1, lines: [{ number: 1 }] })]);
  await apply(store, write, [message('Order', { id: 1, version: 5, gone: true })]);
  const late = [4, 5].map((version) => message('Order', { id: 1, version, lines: [{ number: 1 }] }));
  for (const each of late)
    expect(await apply(store, write, [each])).toMatchObject({ applied: [], superseded: [each] });
  const later = message('Order', { id: 1, version: 5, gone: true });
  expect(await apply(store, write, [later])).toMatchObject({ applied: [], superseded: [later] });
  expect([await rows('orders'), await rows('lines')]).toEqual([[], []]);
  expect(await rows('touched')).toMatchObject([{ version: 1 }, { version: 5 }]);
  const newer = message('Order', { id: 1, version: 6, lines: [{ number: 2 }] });
  expect(await apply(store, write, [newer])).toMatchObject({ applied: [newer], superseded: [] });
  expect(await rows('orders')).toMatchObject([{ version: 6 }]);
  expect(await rows('nomnom_deleted_orders')).toEqual([]);
});

test('a deletion that comes before any row is remembered', async () => {
  const first = message('Order', { id: 1, version: 2, gone: true });
  expect(await apply(store, write, [first])).toMatchObject({ applied: [first] });
  const late = message('Order', { id: 1, version: 1, lines: [{ number: 1 }] });
  expect(await apply(store, write, [late])).toMatchObject({ superseded: [late] });
  expect([await rows('orders'), await rows('lines')]).toEqual([[], []]);
});

test('rows and deletions of many keys are written together', () => {
  const sent = Array.from({ length: 200 }, (_, at) =>
    message('Order', { id: at, version: 2, gone: at % 2 === 0, lines: [] }),
  ).flatMap((each, at) => [each, message('Order', { id: at, version: 1, gone: at % 3 === 0, lines: [] })]);
  const [only, ...more] = segments(write, sent);
  expect(more).toHaveLength(0);
  expect(only?.messages).toHaveLength(200);
});

test('a tombstone that is delivered again deletes nothing that came since', async () => {
  const tombstone = message('Stock', { sku: 'a', gone: true });
  await apply(store, write, [tombstone]);
  await apply(store, write, [message('Stock', { sku: 'a' })]);
  expect(await apply(store, write, [tombstone])).toMatchObject({ settled: [tombstone] });
  expect(await rows('stock')).toHaveLength(1);
});

test('a table in which the role may not delete is refused before the first message', async () => {
  expect(await store.writer.prove(plan.tables)).toEqual([]);
  const role = `nomnom_keeper_${process.pid}`;
  await store.sql.query({ text: `CREATE ROLE ${role}` });
  try {
    await store.sql.query({ text: `GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO ${role}` });
    await store.sql.query({ text: `SET SESSION ROLE ${role}` });
    const stock = plan.tables.filter((table) => table.name === 'stock');
    expect(await store.writer.prove(stock)).toMatchObject([
      { code: 'NOM902', what: 'table stock', forbidden: true, found: expect.stringContaining('42501') },
    ]);
  } finally {
    await store.sql.query({ text: 'RESET ROLE' });
    await store.sql.query({ text: `DROP OWNED BY ${role}` });
    await store.sql.query({ text: `DROP ROLE ${role}` });
  }
});

const skus = fc.constantFrom('a', 'b');
const gone = fc.boolean();
const anyMessage: fc.Arbitrary<readonly [string, object]> = fc.oneof(
  fc
    .record({ id: fc.integer({ min: 1, max: 2 }), version: fc.integer({ min: 1, max: 5 }), gone })
    .chain((order) =>
      fc
        .uniqueArray(fc.integer({ min: 1, max: 3 }), { maxLength: 3 })
        .map((lines) => ['Order', { ...order, lines: lines.map((each) => ({ number: each })) }] as const),
    ),
  fc
    .record({ sku: skus, note: fc.constantFrom('x', 'y', null), gone })
    .map((body) => ['Stock', body] as const),
  fc
    .record({ sku: skus, a: fc.constantFrom(1, null), b: fc.constantFrom(2, 3, null), gone })
    .map((body) => ['Patch', body] as const),
  fc
    .record({ sku: skus, amount: fc.integer({ min: -5, max: 5 }), gone })
    .map((body) => ['Count', body] as const),
);

test('whatever the batches, the tables hold what the messages leave one by one, as tests of a file compute it', async () => {
  const batches = fc.array(fc.array(anyMessage, { minLength: 1, maxLength: 8 }), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(batches, async (sent) => {
      await empty();
      const memory = emptyTables(plan);
      for (const batch of sent) {
        const messages = batch.map(([entity, body]) => message(entity, body));
        await apply(store, write, messages);
        for (const { entity, writes } of messages) memory.write(entity, writes);
      }
      for (const [at, { name, columns }] of plan.tables.entries()) {
        const expected = memory
          .rowsOf(at)
          .map((row) =>
            Object.fromEntries(columns.map((column, place) => [column.name, row[place] ?? null])),
          );
        const found = await rows(name);
        expect(found.length, name).toBe(expected.length);
        expect(found, name).toEqual(expect.arrayContaining(expected));
      }
    }),
    { numRuns: runs(150), seed: 7 },
  );
});
