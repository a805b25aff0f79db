import { describe, expect, test } from 'vitest';
import type { Row } from '../../src/plan/plan.ts';
import type { Failure } from '../../src/ports/failure.ts';
import { failureOf } from '../support/failure-of.ts';
import type { OpenStore, StoreTraits } from './open-store.ts';
import { writerTables } from './writer/tables.ts';
import { tombstoneConformance } from './writer/tombstones.ts';

/** What every store's writer does, seen through the tables. The store is on a database of its own. */
export function writerConformance(open: OpenStore, traits: StoreTraits): void {
  describe('writer', () => {
    const tables = writerTables(open);
    const { plan, store, tableOf, upsert, decide, rowsOf } = tables;
    tombstoneConformance(tables, traits);

    describe('upsert', () => {
      test('replaces the row of its key', async () => {
        await upsert('customers', [1, 'a'], [2, 'b']);
        await upsert('customers', [1, null], [3, 'c']);
        expect(await rowsOf('customers')).toEqual([
          ['1', null],
          ['2', 'b'],
          ['3', 'c'],
        ]);
      });

      test('keeps values of every type exactly, and null apart from the text NULL', async () => {
        const full = [
          9_007_199_254_740_993n,
          -1,
          '1234567.89',
          0.1,
          true,
          '2024-02-29',
          '23:59:59.5',
          '2024-02-29T23:59:59.123456Z',
          '00000000-0000-7000-8000-000000000001',
          'AAH/',
          '{"a": [1, "{x}", "\\"\\\\"]}',
          ['', 'NULL', 'null', '{a,b}', 'say "hi" \\ and ,', "it's", 'é🚀\n'],
          ['2024-02-29'],
        ];
        const empty = [1n, null, null, null, null, null, null, null, null, null, null, [], []];
        await upsert('anything', empty, full);
        const { rows } = await store().sql.query({
          text: `SELECT id::text, i, d::text, f, b, day::text, at::text, moment::text, u::text, encode(bin, 'base64') AS bin,
            j->'a'->>2 AS j, texts, days::text[] FROM anything ORDER BY id`,
        });
        expect(rows.map((row) => Object.values(row))).toEqual([
          ['1', null, null, null, null, null, null, null, null, null, null, [], []],
          [
            '9007199254740993',
            -1,
            '1234567.89',
            0.1,
            true,
            '2024-02-29',
            '23:59:59.5',
            '2024-02-29 23:59:59.123456+00',
            '00000000-0000-7000-8000-000000000001',
            'AAH/',
            '"\\',
            full[11],
            full[12],
          ],
        ]);
      });

      test('keep: the first row stays', async () => {
        await upsert('kept', [1, 'first']);
        await upsert('kept', [1, 'second'], [2, null]);
        expect(await rowsOf('kept')).toEqual([
          ['1', 'first'],
          ['2', null],
        ]);
      });

      test('merge: null leaves the value as it was', async () => {
        await upsert('merged', [1, 'note', 1]);
        await upsert('merged', [1, null, 2]);
        expect(await rowsOf('merged')).toEqual([['1', 'note', '2']]);
      });

      test('add: the named columns accumulate, the others are replaced', async () => {
        await upsert('added', [1, 'a', 2, '1.50']);
        await upsert('added', [1, null, 3, '-0.25']);
        expect(await rowsOf('added')).toEqual([['1', null, '5', '1.25']]);
      });

      test('add: Postgres refuses a sum that its column cannot hold', async () => {
        const failure = await failureOf(upsert('added', [1, null, 2_147_483_648, '0.00']));
        expect(failure).toMatchObject({ code: 'STORE_REFUSED', sql: { refusal: 'out_of_range' } });
        expect(await rowsOf('added')).toEqual([]);
      });

      test('takes a table that has nothing but its key', async () => {
        await upsert('key_only', [1]);
        await upsert('key_only', [1], [2]);
        expect(await rowsOf('key_only')).toEqual([['1'], ['2']]);
      });

      test('newest: an older or equal version changes nothing', async () => {
        await upsert('order_lines', ['a', 1, 5]);
        await upsert('order_lines', ['a', 1, 4], ['b', 1, 4]);
        await upsert('order_lines', ['b', 1, 6]);
        expect(await rowsOf('order_lines')).toEqual([
          ['a', '1', '5'],
          ['b', '1', '6'],
        ]);
      });

      test('a transaction that rejects leaves nothing', async () => {
        const work = store().transaction(async ({ writer }) => {
          await writer.upsert(writer.pack(tableOf('customers'), [[1, 'a']]));
          throw new Error('changed my mind');
        });
        await expect(work).rejects.toThrow('changed my mind');
        expect(await rowsOf('customers')).toEqual([]);
      });
    });

    describe('an insert of rows that must be new', () => {
      // What a store learns of one table does not count for others.
      const table = { ...tableOf('order_lines') };
      const insertNew = (...rows: readonly Row[]): Promise<void> =>
        store().transaction(({ writer }) => writer.insertNew(writer.pack(table, rows)));

      test('inserts them', async () => {
        await insertNew(['a', 1, 5], ['a', 2, 5]);
        expect(await rowsOf('order_lines')).toEqual([
          ['a', '1', '5'],
          ['a', '2', '5'],
        ]);
      });

      test('where one was there all the same, writes nothing, and upserts when the work is done again', async () => {
        await upsert('order_lines', ['a', 1, 5]);
        const failure = await failureOf(insertNew(['a', 1, 6], ['b', 1, 6]));
        expect(failure).toMatchObject({ code: 'STORE_CONFLICT', retryable: true });
        expect(await rowsOf('order_lines')).toEqual([['a', '1', '5']]);
        await insertNew(['a', 1, 6], ['b', 1, 6]);
        expect(await rowsOf('order_lines')).toEqual([
          ['a', '1', '6'],
          ['b', '1', '6'],
        ]);
      });
    });

    describe('an upsert that decides', () => {
      test('gives the rows that lost and those that are new, nulls in the key included', async () => {
        const first: Row[] = [
          ['n', 1, 5, false],
          [null, 1, 5, false],
        ];
        expect(await decide('orders', ...first)).toEqual({ lost: [], known: [] });
        const older: Row = ['n', 1, 4, false];
        const same: Row = [null, 1, 5, false];
        const other: Row = [null, 2, 1, false];
        expect(await decide('orders', older, same, other)).toEqual({
          lost: [0, 1],
          known: [0, 1],
        });
        expect(await decide('orders', ['n', 1, 6, false])).toEqual({ lost: [], known: [0] });
        expect(await rowsOf('orders')).toEqual([
          ['n', '1', '6', 'false'],
          [null, '1', '5', 'false'],
          [null, '2', '1', 'false'],
        ]);
      });

      test('a row that the same transaction wrote before is not new', async () => {
        const row: Row = ['n', 1, 5, false];
        const second = await store().transaction(async ({ writer }) => {
          await writer.upsertDeciding(writer.pack(tableOf('orders'), [row]));
          return writer.upsertDeciding(writer.pack(tableOf('orders'), [['n', 1, 6, false]]));
        });
        expect(second).toEqual({ lost: [], known: [0] });
      });

      test('orders texts by code point', async () => {
        const known = await store().sql.query({
          text: `SELECT FROM pg_collation WHERE collname = 'und-x-icu'`,
        });
        // An embedded Postgres has no other order.
        if (known.rowCount > 0)
          await store().sql.query({ text: `ALTER TABLE named ALTER version TYPE text COLLATE "und-x-icu"` });
        await decide('named', [1, 'B']);
        const before: Row = [1, 'A'];
        expect((await decide('named', before)).lost).toEqual([0]);
        expect((await decide('named', [1, 'a'])).lost).toEqual([]);
        expect(await rowsOf('named')).toEqual([['1', 'a']]);
      });
    });

    describe('prune', () => {
      test('deletes what the listed parents no longer have, and nothing of others', async () => {
        await upsert('owned_tags', ['x', 'a'], ['x', 'b'], ['y', 'a'], [null, 'a'], [null, 'b']);
        await store().transaction(({ writer }) =>
          writer.prune(
            [{ key: ['x'] }, { key: [null] }],
            writer.pack(tableOf('owned_tags'), [
              ['x', 'b'],
              [null, 'a'],
            ]),
          ),
        );
        expect(await rowsOf('owned_tags')).toEqual([
          ['x', 'b'],
          ['y', 'a'],
          [null, 'a'],
        ]);
      });

      test('an empty list deletes all of its parent', async () => {
        await upsert('owned_tags', ['x', 'a'], ['y', 'a']);
        await store().transaction(({ writer }) =>
          writer.prune([{ key: ['x'] }], writer.pack(tableOf('owned_tags'), [])),
        );
        expect(await rowsOf('owned_tags')).toEqual([['y', 'a']]);
      });

      test('newest: leaves what is not older than the list', async () => {
        await upsert('order_lines', ['a', 1, 4], ['b', 1, 5], ['c', 1, 6]);
        await store().transaction(({ writer }) =>
          writer.prune([{ key: [1], version: 5 }], writer.pack(tableOf('order_lines'), [])),
        );
        expect(await rowsOf('order_lines')).toEqual([
          ['b', '1', '5'],
          ['c', '1', '6'],
        ]);
      });
    });

    describe('delete', () => {
      test('deletes the rows of these keys', async () => {
        await upsert('customers', [1, null]);
        await upsert('purchases', [1, 1, 'A', 'x'], [2, 1, 'A', null]);
        await store().transaction(({ writer }) =>
          writer.delete(tableOf('purchases'), [
            [1, 0, 'B', 'gone'],
            [3, 0, 'B', 'gone'],
          ]),
        );
        expect(await rowsOf('purchases')).toEqual([['2', '1', 'A', null]]);
      });

      test('newest: leaves a row that is not older', async () => {
        await decide('orders', ['n', 1, 5, false], ['n', 2, 5, false], [null, 1, 4, false]);
        await store().transaction(({ writer }) =>
          writer.delete(tableOf('orders'), [
            ['n', 1, 5, true],
            ['n', 2, 6, true],
            [null, 1, 5, true],
          ]),
        );
        expect(await rowsOf('orders')).toEqual([['n', '1', '5', 'false']]);
      });
    });

    describe('a failure says', () => {
      const purchase = (...row: Row): Promise<Failure> => failureOf(upsert('purchases', row));

      test('that a parent is missing, and which', async () => {
        const failure = await purchase(1, 7, 'A', null);
        expect(failure.code).toBe('STORE_MISSING_PARENT');
        expect(failure.retryable).toBe(true);
        expect(failure.sql?.table).toBe('purchases');
        expect(failure.sql?.constraint).toBe(tableOf('purchases').refs[0]?.name);
        expect(failure.sql?.names?.('7')).toBe(true);
        expect(failure.sql?.names?.('8')).toBe(false);
      });

      test('that a row is still referred to', async () => {
        await upsert('customers', [1, null]);
        await upsert('purchases', [1, 1, 'A', null]);
        const failure = await failureOf(store().sql.query({ text: 'DELETE FROM customers' }));
        expect(failure.code).toBe('STORE_MISSING_PARENT');
      });

      test('that a value is taken, not allowed, too long or absent', async () => {
        await upsert('customers', [1, null]);
        await upsert('purchases', [1, 1, 'A', 'taken']);
        const refused = { code: 'STORE_REFUSED', retryable: false };
        const unique = tableOf('purchases').constraints.find(({ kind }) => kind === 'unique')?.name;
        expect(await purchase(2, 1, 'A', 'taken')).toMatchObject({
          ...refused,
          sql: { table: 'purchases', constraint: unique },
        });
        expect(await purchase(2, 1, 'C', null)).toMatchObject({ ...refused, sql: { table: 'purchases' } });
        expect(await failureOf(upsert('customers', [1, 'nine char']))).toMatchObject(refused);
        expect(await purchase(2, null, 'A', null)).toMatchObject({
          ...refused,
          sql: { table: 'purchases', column: 'customer' },
        });
      });

      test('no value of a row', async () => {
        await upsert('customers', [1, null]);
        await upsert('purchases', [1, 1, 'A', 'a secret']);
        expect((await purchase(2, 1, 'A', 'a secret')).message).not.toContain('secret');
      });
    });

    test('where there is nothing to do, nothing is asked', async () => {
      const missing = { ...tableOf('orders'), name: 'no_such_table' };
      await store().transaction(async ({ writer }) => {
        const none = writer.pack(missing, []);
        await writer.upsert(none);
        await writer.insertNew(none);
        await writer.prune([], none);
        await writer.delete(missing, []);
        await writer.releaseKeys(missing, []);
        expect(await writer.upsertDeciding(none)).toEqual({ lost: [], known: [] });
        expect(await writer.holdKeys(missing, [])).toEqual([]);
        expect(await writer.lateDeletions(missing, [])).toEqual([]);
      });
    });

    describe('prove', () => {
      test('finds nothing in tables as the plan wants them', async () => {
        expect(await store().writer.prove(plan.tables)).toEqual([]);
      });

      test('finds a missing table, a missing constraint and a missing column', async () => {
        const orders = tableOf('orders');
        const customers = tableOf('customers');
        const [id, name] = customers.columns;
        if (id === undefined || name === undefined) throw new Error('no columns');
        const found = await store().writer.prove([
          { ...orders, name: 'no_such_table' },
          { ...customers, upsert: { ...customers.upsert, key: [1] } },
          { ...customers, columns: [id, { ...name, name: 'no_such_column' }] },
        ]);
        expect(found).toMatchObject([
          { code: 'NOM902', what: 'table app.no_such_table, upsert', fixable: true },
          { code: 'NOM901', what: 'table customers, upsert', fixable: true },
          { code: 'NOM902', what: 'table customers, upsert', fixable: true },
        ]);
      });
    });
  });
}
