import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Change } from '../../src/plan/change.ts';
import { creation } from '../../src/plan/creation.ts';
import type { ColumnPlan, Plan, TablePlan } from '../../src/plan/plan.ts';
import { tablesOf } from '../../src/plan/tables-of.ts';
import type { LiveTable } from '../../src/ports/catalog.ts';
import { Failure } from '../../src/ports/failure.ts';
import type { Store } from '../../src/ports/store.ts';
import { planOf } from '../support/plan.ts';
import { failureOf } from '../support/failure-of.ts';

const SHOP = `
pipeline shop
enum Kind { Plain = "it's"  Other = "a\\\\b" }
/// One for each "person".
entity Customer {
  /// The shop's own number, as in C:\\shop.
  id: int
  name: text(8)?
  store sales.customers { key (id)  upsert on (id) }
}
entity Order {
  shop: text?  id: int  version: int  gone: bool  kind: Kind  kinds: Kind[]  customer: int  soon: int?
  store orders {
    unique (shop, id) nulls equal
    upsert on (shop, id) newest by version
    index (customer, soon)
    ref (customer) -> Customer (id)
    delete when gone
  }
}
entity Any {
  id: bigint  i: int?  d: decimal(9, 2)?  f: float?  b: bool?  day: date?  at: time?  moment: timestamp?
  u: uuid?  bin: bytes?  j: json?  texts: text(5)[]  days: date[]
  store anything { key (id)  upsert on (id) }
}`;

/** A program that writes one table, `things`, with a key and these columns. */
function things(columns: string): TablePlan {
  return tableOf(planOf(`entity Thing { id: int  ${columns}  store things { key (id)  upsert on (id) } }`));
}

function tableOf(plan: Plan, name = 'things'): TablePlan {
  const found = tablesOf(plan).find((table) => table.name === name);
  if (found === undefined) throw new Error(`no table ${name}`);
  return found;
}

function columnOf(table: TablePlan, name: string): ColumnPlan {
  const found = table.columns.find((column) => column.name === name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return found;
}

/** The same table under another name, with constraints of its own. */
function renamed(table: TablePlan, name: string): TablePlan {
  const constraints = table.constraints.map((each) => ({ ...each, name: `${name}_${each.name}` }));
  return { ...table, name, id: `"${name}"`, constraints };
}

/** What every store's catalog does, in changes that it makes itself. The store is on a database of its own. */
export function catalogConformance(open: () => Promise<Store>): void {
  describe('catalog', () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    const change = (...changes: readonly Change[]): Promise<void> =>
      store.transaction(async ({ catalog }) => {
        for (const each of changes) await catalog.change(each);
      });
    const read = async (table: TablePlan): Promise<LiveTable> => {
      const [live] = (await store.catalog.readTables([table])).tables;
      if (live === undefined) throw new Error(`the database has no table ${table.name}`);
      return live;
    };
    /** Reads a table of which the test knows nothing but its columns. */
    const liveColumn = async (table: TablePlan, name: string) =>
      (await read(table)).columns.find((column) => column.name === name);
    /** Makes `things` with other columns than the last test. */
    const made = async (columns: string): Promise<TablePlan> => {
      const table = renamed(things(columns), `things_${(count += 1)}`);
      await change({ kind: 'create-table', table });
      return table;
    };
    let count = 0;
    /** The same table in a program that declares other columns. */
    const declared = ({ name }: TablePlan, columns: string) => renamed(things(columns), name);
    const refusal = async (work: Promise<unknown>): Promise<string> => (await failureOf(work)).code;

    describe('the tables of a program', () => {
      const plan = planOf(SHOP);
      const tables = tablesOf(plan);

      test('are not there before they are made, nor is their schema', async () => {
        const before = await store.catalog.readTables(tables);
        expect(before.tables).toEqual(tables.map(() => undefined));
        expect([...before.schemas]).toEqual([]);
        expect(before.lacksNullsEqual).toBeUndefined();
        await change(...creation(plan));
        const after = await store.catalog.readTables(tables);
        expect([...after.schemas]).toEqual(['sales']);
        expect(after.tables.map((live) => live?.isTable)).toEqual(tables.map(() => true));
        expect(after.tables.map((live) => live?.durable)).toEqual(tables.map(() => true));
        expect(new Set(after.tables.map((live) => live?.id)).size).toBe(tables.length);
      });

      test('have the planned columns, each of the planned type', async () => {
        const { tables: live } = await store.catalog.readTables(tables);
        expect(live.map((each) => each?.columns.map(({ name, nullable }) => [name, nullable]))).toEqual(
          tables.map(({ columns }) => columns.map(({ name, nullable }) => [name, nullable])),
        );
        for (const { types, columns } of live.flatMap((each) => each ?? [])) {
          expect(types.map((type) => type.live)).toEqual(
            types.map(() => expect.objectContaining({ same: true, holdsAll: true })),
          );
          expect(types.every(({ name }) => name !== '')).toBe(true);
          expect(columns.every(({ filled, generated }) => !filled && !generated)).toBe(true);
        }
      });

      test('have their comments, with every character', async () => {
        const live = await read(tableOf(plan, 'customers'));
        expect(live.comment).toBe('One for each "person".');
        expect(live.columns.map(({ comment }) => comment)).toEqual([
          String.raw`The shop's own number, as in C:\shop.`,
          undefined,
        ]);
      });

      test('have an index behind each key and unique constraint, which an upsert can use', async () => {
        for (const table of tables) {
          const { indexes } = await read(table);
          for (const { columns, nullsEqual } of table.constraints) {
            const behind = indexes.filter((index) => index.unique && index.columns.join() === columns.join());
            expect(behind).toEqual([
              expect.objectContaining({ valid: true, deferrable: false, predicate: undefined }),
            ]);
            expect(behind[0]?.nullsEqual).toBe(nullsEqual);
          }
        }
      });

      test('have their further indexes, their refs, and the strings of their enums', async () => {
        const orders = await read(tableOf(plan, 'orders'));
        const customers = await read(tableOf(plan, 'customers'));
        expect(orders.indexes.filter(({ unique }) => !unique)).toEqual([
          expect.objectContaining({ columns: ['customer', 'soon'], ordered: true, valid: true }),
        ]);
        expect(orders.foreignKeys).toEqual([
          expect.objectContaining({ columns: ['customer'], targetColumns: ['id'], targetId: customers.id }),
        ]);
        const checks = orders.checks.filter(({ allowed }) => allowed !== undefined);
        expect(new Map(checks.map(({ columns, allowed }) => [columns.join(), allowed]))).toEqual(
          new Map(['kind', 'kinds'].map((name) => [name, new Set(["it's", String.raw`a\b`])])),
        );
      });
    });

    describe('a change', () => {
      test.for([
        ['text(5)', 'text(9)'],
        ['text(5)', 'text'],
        ['decimal(9, 2)', 'decimal(12, 2)'],
      ])('widens %s to %s, and keeps its rows', async ([narrow = '', wide = '']) => {
        const table = await made(`value: ${narrow}`);
        await store.writer.upsert(store.writer.pack(table, [[1, '12.50']]));
        const wider = declared(table, `value: ${wide}`);
        const before = (await read(wider)).types[1]?.live;
        expect(before).toEqual({ same: false, holdsAll: false, canWiden: true, isWidened: false });
        await change({ kind: 'widen-column', table: wider, column: columnOf(wider, 'value') });
        expect((await read(wider)).types[1]?.live).toMatchObject({ same: true });
        expect((await read(table)).types[1]?.live).toEqual({
          same: false,
          holdsAll: true,
          canWiden: false,
          isWidened: true,
        });
        expect((await read(table)).empty).toBeUndefined();
      });

      test('that would narrow a column, or change what it holds, is never offered', async () => {
        const table = await made('value: bigint');
        const narrower = declared(table, 'value: int');
        expect((await read(narrower)).types[1]?.live).toEqual({
          same: false,
          holdsAll: true,
          canWiden: false,
          isWidened: false,
        });
        const other = declared(table, 'value: text');
        expect((await read(other)).types[1]?.live).toMatchObject({ same: false, holdsAll: false });
        const list = declared(table, 'value: bigint[]');
        expect((await read(list)).types[1]?.live).toMatchObject({ same: false, canWiden: false });
      });

      test('allows and forbids nulls, and adds columns', async () => {
        const table = await made('value: int');
        const nullable = declared(table, 'value: int?  added: text?');
        expect((await read(nullable)).types[2]?.live).toBeUndefined();
        await change(
          { kind: 'set-nullable', table: nullable, column: columnOf(nullable, 'value') },
          { kind: 'add-column', table: nullable, column: columnOf(nullable, 'added') },
        );
        expect(await liveColumn(nullable, 'value')).toMatchObject({ nullable: true });
        expect(await liveColumn(nullable, 'added')).toMatchObject({ nullable: true, filled: false });
        await change({ kind: 'set-nullable', table, column: columnOf(table, 'value') });
        expect(await liveColumn(table, 'value')).toMatchObject({ nullable: false });
      });

      test('tells whether rows stand in the way of a column that may not be null', async () => {
        const table = await made('value: int');
        const longer = declared(table, 'value: int  needed: int');
        expect((await read(longer)).empty).toBe(true);
        await store.writer.upsert(store.writer.pack(table, [[1, 1]]));
        expect((await read(longer)).empty).toBe(false);
      });

      test('replaces the strings that a column may have', async () => {
        const enums = (members: string) =>
          tableOf(
            planOf(
              `enum Kind { ${members} }\nentity Thing { id: int  kind: Kind  store things { key (id)  upsert on (id) } }`,
            ),
          );
        const few = renamed(enums('A  B'), 'kinds');
        const more = renamed(enums('A  B  C'), 'kinds');
        await change({ kind: 'create-table', table: few });
        const check = (await read(few)).checks.find(({ allowed }) => allowed !== undefined);
        expect(await refusal(store.writer.upsert(store.writer.pack(few, [[1, 'C']])))).toBe('STORE_REFUSED');
        await change(
          { kind: 'drop-check', table: more, name: check?.name ?? '' },
          { kind: 'add-check', table: more, column: columnOf(more, 'kind') },
        );
        await store.writer.upsert(store.writer.pack(more, [[1, 'C']]));
        expect((await read(more)).checks.map(({ allowed }) => allowed)).toContainEqual(
          new Set(['A', 'B', 'C']),
        );
      });

      test('that rows do not fit is refused, and leaves the table as it was', async () => {
        const table = await made('value: int?');
        await store.writer.upsert(store.writer.pack(table, [[1, null]]));
        const strict = declared(table, 'value: int');
        const column = columnOf(strict, 'value');
        expect(await refusal(change({ kind: 'set-nullable', table: strict, column }))).toBe('STORE_REFUSED');
        expect(await liveColumn(table, 'value')).toMatchObject({ nullable: true });
      });

      test('that is tried is made wholly or not at all, and the transaction goes on', async () => {
        const table = await made('value: int?');
        await store.writer.upsert(store.writer.pack(table, [[1, null]]));
        const strict = declared(table, 'value: int  first: text?  last: text?');
        const add = (name: string): Change => ({
          kind: 'add-column',
          table: strict,
          column: columnOf(strict, name),
        });
        const forbid: Change = { kind: 'set-nullable', table: strict, column: columnOf(strict, 'value') };
        const outcomes = await store.transaction(async ({ catalog }) => [
          await catalog.tryChanges([add('first'), forbid]),
          await catalog.tryChanges([add('last')]),
        ]);
        expect(outcomes).toEqual([false, true]);
        expect((await read(strict)).columns.map(({ name }) => name)).toEqual(['id', 'value', 'last']);
      });

      test('belongs to its transaction', async () => {
        const table = renamed(things('value: int'), 'undone');
        const undone = store.transaction(async ({ catalog }) => {
          await catalog.change({ kind: 'create-table', table });
          expect((await catalog.readTables([table])).tables[0]?.isTable).toBe(true);
          throw new Failure('STILL_RUNNING', 'something else');
        });
        expect(await refusal(undone)).toBe('STILL_RUNNING');
        expect((await store.catalog.readTables([table])).tables).toEqual([undefined]);
      });
    });

    test('of two who change tables, the second waits for the first', async () => {
      const table = renamed(things('value: int'), 'once');
      const makeIfMissing = (): Promise<boolean> =>
        store.transaction(async ({ catalog }) => {
          await catalog.lockTables();
          const missing = (await catalog.readTables([table])).tables[0] === undefined;
          // Without the lock the others would read now, too.
          await sleep(50);
          if (missing) await catalog.change({ kind: 'create-table', table });
          return missing;
        });
      const made = await Promise.all([makeIfMissing(), makeIfMissing(), makeIfMissing()]);
      expect(made.filter(Boolean)).toHaveLength(1);
    });

    test('a server that keeps its promises is told so, and how many connections it gives', async () => {
      const found = await store.catalog.checkSettings();
      expect(found.filter(({ severity }) => severity === 'refusal')).toEqual([]);
      expect(await store.catalog.maxConnections()).toBeGreaterThan(0);
      expect(await store.catalog.takesWrites()).toBe(true);
    });
  });
}
