import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { arrayWriter } from '../../src/sql/postgres/binary/arrays.ts';
import { elementFormats } from '../../src/sql/postgres/binary/element.ts';
import { freshDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';

const database = await freshDatabase();
const store = openStore({ url: database.url, max: 1, log: memoryLog() });
afterAll(() => store.close());

const QUERY = {
  name: 'two_arrays',
  text: `SELECT to_jsonb($1::int[])::text AS numbers, to_jsonb($2::text[])::text AS texts`,
};

const read = (row: Readonly<Record<string, unknown>>): unknown =>
  Object.fromEntries(Object.entries(row).map(([name, json]) => [name, JSON.parse(String(json))]));

/** Postgres takes no U+0000. */
const text = fc.string({ unit: 'grapheme' }).map((some) => some.replaceAll('\0', ''));

test('parameters arrive whether they lie in one block, in a buffer that grew, or apart', async () => {
  const way = fc.constantFrom('block', 'grown', 'apart', 'turned');
  await fc.assert(
    fc.asyncProperty(
      way,
      fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
      fc.array(text),
      async (how, numbers, texts) => {
        const first = arrayWriter(how === 'grown' ? 0 : 100_000);
        const second = how === 'apart' ? arrayWriter(0) : first;
        const later = how === 'turned' ? second.array(elementFormats.text, texts, (each) => each) : undefined;
        const values = [
          first.array(elementFormats.integer, numbers, (each) => each),
          later ?? second.array(elementFormats.text, texts, (each) => each),
        ];
        const { rows } = await store.sql.query({ ...QUERY, values });
        expect(rows.map(read)).toEqual([{ numbers, texts }]);
      },
    ),
  );
});

test('a statement with other parameters than buffers is sent as the driver does', async () => {
  const { rows } = await store.sql.query({
    text: 'SELECT $1::int + $2::int AS sum, $3::text AS none',
    values: [1, '2', null],
  });
  expect(rows).toEqual([{ sum: 3, none: null }]);
});

test('a statement that is refused leaves its connection in order', async () => {
  const writer = arrayWriter(1_000);
  const values = [
    writer.array(elementFormats.integer, [1], (each) => each),
    writer.array(elementFormats.text, ['a'], (each) => each),
  ];
  await expect(store.sql.query({ text: 'SELECT $1::int[], $2::text[], 1 / 0', values })).rejects.toThrow(
    'division by zero',
  );
  expect((await store.sql.query({ ...QUERY, values })).rows.map(read)).toEqual([
    { numbers: [1], texts: ['a'] },
  ]);
});
