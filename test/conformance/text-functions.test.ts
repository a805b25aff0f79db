import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Value } from '../../src/types/value.ts';
import { runOf } from '../functions/run.ts';

const client = new Client({ connectionString: inject('databaseUrl') });

beforeAll(() => client.connect());
afterAll(() => client.end());

const COUNT = 20_000;

/** Fixed seeds, so that a failure can be seen again. */
function sample<T>(arbitrary: fc.Arbitrary<T>, seed: number): readonly T[] {
  return fc.sample(arbitrary, { numRuns: COUNT, seed });
}

/** Characters that differ in UTF-8 and UTF-16 length, in case, and as white space. */
const character = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'A',
    'é',
    'É',
    'ж',
    'Ж',
    '中',
    '🚀',
    '𐐀',
    ' ',
    '\t',
    '\n',
    ',',
    '%',
    '\\',
    '$',
    '&',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((each) => each !== '\0'),
);
const text = fc.array(character, { maxLength: 12 }).map((characters) => characters.join(''));
const texts = sample(text, 1);
/** Mostly parts of the text beside them, so that something is found. */
const parts = sample(fc.tuple(fc.nat(12), fc.nat(3), text, fc.boolean()), 2).map(
  ([from, length, other, own], at) =>
    own ? [...(texts[at] ?? '')].slice(from, from + length).join('') : other.slice(0, 2).toWellFormed(),
);
const numbers = sample(fc.integer({ min: -4, max: 14 }), 3);
const lengths = sample(fc.nat(14), 4);

/** The column `result` of a query over `t`, `p`, `n` and `m`, in their order, as Postgres prints it. */
async function inPostgres(expression: string): Promise<readonly (string | null)[]> {
  const { rows } = await client.query<{ result: string | null }>(
    `SELECT (${expression})::text AS result
     FROM unnest($1::text[], $2::text[], $3::integer[], $4::integer[])
       WITH ORDINALITY AS given (t, p, n, m, position)
     ORDER BY position`,
    [texts, parts, numbers, lengths],
  );
  return rows.map((row) => row.result);
}

function here(compute: (t: string, p: string, n: number, m: number) => Value): readonly (string | null)[] {
  return texts.map((t, at) => {
    const result = compute(t, parts[at] ?? '', numbers[at] ?? 0, lengths[at] ?? 0);
    return result === null ? null : String(result);
  });
}

test('length, substr and truncate count characters as Postgres does, also outside the text', async () => {
  const length = runOf('length', 'text');
  const substr = runOf('substr', 'text', 'int', 'int');
  const rest = runOf('substr', 'text', 'int');
  const truncate = runOf('truncate', 'text', 'int');
  expect(here((t) => length(t))).toEqual(await inPostgres('length(t)'));
  expect(here((t, _, n, m) => substr(t, n, m))).toEqual(await inPostgres('substr(t, n, m)'));
  expect(here((t, _, n) => rest(t, n))).toEqual(await inPostgres('substr(t, n)'));
  expect(here((t, _, __, m) => truncate(t, m))).toEqual(await inPostgres('left(t, m)'));
});

test('starts_with, ends_with and contains find what Postgres finds', async () => {
  const startsWith = runOf('starts_with', 'text', 'text');
  const endsWith = runOf('ends_with', 'text', 'text');
  const contains = runOf('contains', 'text', 'text');
  const found = here((t, p) => contains(t, p));
  expect(found.filter((each) => each === 'true').length).toBeGreaterThan(COUNT / 10);
  expect(found).toEqual(await inPostgres('position(p IN t) > 0'));
  expect(here((t, p) => startsWith(t, p))).toEqual(await inPostgres('starts_with(t, p)'));
  expect(here((t, p) => endsWith(t, p))).toEqual(
    await inPostgres('right(t, length(p)) = p OR length(p) = 0'),
  );
});

test('replace, split, join and concat give what Postgres gives', async () => {
  const replace = runOf('replace', 'text', 'text', 'text');
  const split = runOf('split', 'text', 'text');
  const join = runOf('join', 'text[]', 'text');
  const concat = runOf('concat', 'text', 'text', 'text');
  expect(here((t, p) => replace(t, p, '$&-'))).toEqual(await inPostgres(`replace(t, p, '$&-')`));
  expect(here((t, p) => JSON.stringify(split(t, p)))).toEqual(
    (await inPostgres('to_json(string_to_array(t, p))')).map((json) =>
      JSON.stringify(JSON.parse(json ?? '')),
    ),
  );
  expect(here((t, p) => join(split(t, p), '+'))).toEqual(
    await inPostgres(`array_to_string(string_to_array(t, p), '+')`),
  );
  expect(here((t, p, n) => concat(t, n > 5 ? null : p, '.'))).toEqual(
    await inPostgres(`concat(t, CASE WHEN n > 5 THEN NULL ELSE p END, '.')`),
  );
});

test('trim takes off the white space of Unicode, where Postgres is told what that is', async () => {
  const trim = runOf('trim', 'text');
  const white = String.raw`E' \t\n\x0b\f\r' || U&'\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000\FEFF'`;
  expect(here((t) => trim(t))).toEqual(await inPostgres(`btrim(t, ${white})`));
});

test('sha256 is the digest of the text in UTF-8', async () => {
  const digest = runOf('sha256', 'text');
  expect(here((t) => digest(t))).toEqual(await inPostgres(`encode(sha256(convert_to(t, 'UTF8')), 'hex')`));
});

test('letters change their case as in Postgres, and no text changes its length', async () => {
  const { rows } = await client.query<{ exists: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu')`,
  );
  expect(rows[0]?.exists, 'a Postgres built with ICU').toBe(true);
  const { rows: letters } = await client.query<{ letter: string; low: string; up: string }>(
    `SELECT letter, lower(letter COLLATE "und-x-icu") AS low, upper(letter COLLATE "und-x-icu") AS up
     FROM generate_series(1, 917503) AS code, LATERAL (SELECT chr(code) AS letter) AS made
     WHERE code NOT BETWEEN 55296 AND 57343`,
  );
  const lower = runOf('lower', 'text');
  const upper = runOf('upper', 'text');
  const single = (mapped: string, letter: string) => ([...mapped].length === 1 ? mapped : letter);
  const differ = letters.filter(
    ({ letter, low, up }) => lower(letter) !== single(low, letter) || upper(letter) !== single(up, letter),
  );
  // A letter that is newer than one side's Unicode has no case there.
  const known = differ.filter(
    ({ letter, low, up }) =>
      (low !== letter || up !== letter) && (lower(letter) !== letter || upper(letter) !== letter),
  );
  expect(known).toEqual([]);
  expect(differ.length).toBeLessThan(500);
});
