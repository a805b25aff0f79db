import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Value } from '../../src/types/value.ts';
import { runOf } from '../functions/run.ts';

const client = new Client({ connectionString: inject('databaseUrl') });

beforeAll(() => client.connect());
afterAll(() => client.end());

const COUNT = 20_000;
const TYPE = 'decimal(40, 12)';

/** Values of `decimal(40, 12)`: of every size, many of them halves and whole numbers. */
const decimal = fc
  .tuple(
    fc.oneof(
      fc.bigInt({ min: -50n, max: 50n }),
      fc.bigInt({ min: -(10n ** 28n) + 1n, max: 10n ** 28n - 1n }),
    ),
    fc.oneof(
      fc.constantFrom(0n, 5n * 10n ** 11n, 1n, 10n ** 12n - 1n),
      fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }),
    ),
  )
  .map(([whole, fraction]) => {
    const units = whole * 10n ** 12n + fraction;
    const digits = String(units < 0n ? -units : units).padStart(13, '0');
    return `${units < 0n ? '-' : ''}${digits.slice(0, -12)}.${digits.slice(-12)}`;
  });

/** Fixed seeds, so that a failure can be seen again. */
const lefts = fc.sample(decimal, { numRuns: COUNT, seed: 1 });
const rights = fc.sample(decimal, { numRuns: COUNT, seed: 2 });

async function inPostgres(expression: string): Promise<readonly (string | null)[]> {
  const { rows } = await client.query<{ result: string | null }>(
    `SELECT (${expression})::text AS result
     FROM unnest($1::numeric[], $2::numeric[]) WITH ORDINALITY AS given (a, b, position)
     ORDER BY position`,
    [lefts, rights],
  );
  return rows.map((row) => row.result);
}

const here = (compute: (a: string, b: string) => Value): readonly string[] =>
  lefts.map((a, at) => String(compute(a, rights[at] ?? '')));

test('abs, round, floor and ceil are those of Postgres, digit for digit', async () => {
  const one = (name: string) => runOf(name, TYPE);
  const abs = one('abs');
  const floor = one('floor');
  const ceil = one('ceil');
  expect(here((a) => abs(a))).toEqual(await inPostgres('abs(a)'));
  expect(here((a) => floor(a))).toEqual(await inPostgres('floor(a)'));
  expect(here((a) => ceil(a))).toEqual(await inPostgres('ceil(a)'));
  for (const scale of [0, 1, 2, 11, 12, 15]) {
    const round = runOf('round', TYPE, `int ${scale}`);
    expect(here((a) => round(a))).toEqual(await inPostgres(`round(a, ${scale})`));
  }
});

test('min and max are the least and the greatest', async () => {
  const min = runOf('min', TYPE, TYPE);
  const max = runOf('max', TYPE, TYPE);
  expect(here((a, b) => min(a, b))).toEqual(await inPostgres('least(a, b)'));
  expect(here((a, b) => max(a, b))).toEqual(await inPostgres('greatest(a, b)'));
});

test('div is the exact quotient, rounded once, halves away from zero', async () => {
  for (const scale of [0, 2, 7]) {
    const div = runOf('div', TYPE, TYPE, `int ${scale}`);
    // `round(a / b, s)` would round twice; Postgres' own `div` cuts exactly.
    const exact = `round(
      sign(a) * sign(b) * div(2 * abs(a) * 1e${scale} + abs(b), 2 * abs(nullif(b, 0))) * 1e-${scale}, ${scale})`;
    const wanted = (await inPostgres(exact)).map((each) => each ?? 'failed');
    expect(wanted).toContain('failed');
    expect(here((a, b) => div(a, b, scale))).toEqual(wanted);
  }
});

test('sum is the sum of Postgres, with all digits', async () => {
  const sum = runOf('sum', `${TYPE}[]`);
  const { rows } = await client.query<{ result: string }>(
    'SELECT sum(a)::text AS result FROM unnest($1::numeric[]) AS a',
    [lefts],
  );
  expect(sum(lefts)).toBe(rows[0]?.result);
  const ints = fc.sample(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { numRuns: COUNT, seed: 3 });
  const total = await client.query<{ result: string }>(
    'SELECT sum(a)::text AS result FROM unnest($1::integer[]) AS a',
    [ints],
  );
  expect(String(runOf('sum', 'int[]')(ints))).toBe(total.rows[0]?.result);
});

test('a float is rounded as the number that it is printed as', async () => {
  const floats = fc.sample(
    fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -100_000, max: 100_000 }).map((units) => units / 1000),
    ),
    { numRuns: COUNT, seed: 4 },
  );
  const printed = floats.map((value) => String(value));
  for (const [name, sql] of [
    ['round', 'round(a, 2)'],
    ['floor', 'floor(a)'],
    ['ceil', 'ceil(a)'],
  ] as const) {
    const run = name === 'round' ? runOf(name, 'float', 'int 2') : runOf(name, 'float');
    const { rows } = await client.query<{ result: string }>(
      `SELECT (${sql})::text AS result FROM unnest($1::numeric[]) WITH ORDINALITY AS given (a, position) ORDER BY position`,
      [printed],
    );
    expect(floats.map((value) => String(run(value)))).toEqual(rows.map((row) => row.result));
  }
});

test('parse_int, parse_bigint and parse_decimal read what Postgres reads, and give the same number', async () => {
  const piece = fc.constantFrom(
    '',
    '-',
    '+',
    '0',
    '00',
    '1',
    '9',
    '42',
    '2147483648',
    '99999999999999999999',
    '.',
    'e',
    'E2',
    'e-1',
    'x',
    '_',
  );
  const written = fc
    .sample(
      fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('')),
      { numRuns: 4000, seed: 5 },
    )
    // Postgres refuses such an exponent even of 0, which is 0.
    .filter((value) => !/e[+-]?[0-9]{5}/i.test(value))
    .concat(
      '9223372036854775807',
      '-9223372036854775808',
      '9223372036854775808',
      '2147483647',
      '-2147483648',
      '',
      '-',
    );
  const parsers = [
    { type: 'integer', run: runOf('parse_int', 'text') },
    { type: 'bigint', run: runOf('parse_bigint', 'text') },
    { type: 'numeric(20,3)', run: runOf('parse_decimal', 'text', 'int 20', 'int 3') },
  ];
  await client.query(`CREATE FUNCTION pg_temp.read(value text, type text) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE result text;
    BEGIN
      EXECUTE format('SELECT %L::%s::text', value, type) INTO result;
      RETURN result;
    EXCEPTION WHEN OTHERS THEN RETURN 'failed';
    END $$`);
  for (const { type, run } of parsers) {
    const { rows } = await client.query<{ result: string; exact: boolean }>(
      `SELECT pg_temp.read(value, $2) AS result,
              pg_temp.read(value, 'numeric') = 'failed'
                OR pg_temp.read(value, 'numeric(20,3)')::text = 'failed'
                OR pg_temp.read(value, 'numeric')::numeric = pg_temp.read(value, 'numeric(20,3)')::numeric AS exact
       FROM unnest($1::text[]) WITH ORDINALITY AS given (value, position) ORDER BY position`,
      [written, type],
    );
    // What Postgres would round is rejected here; Postgres 16 and newer read `1_000` and `0xe`, which 15 does not.
    const wanted = rows.map(({ result, exact }, at) =>
      !exact || /[_x]/.test(written[at] ?? '') ? 'failed' : result,
    );
    expect(wanted.filter((each) => each !== 'failed').length).toBeGreaterThan(300);
    expect(written.map((value) => [value, String(run(value))])).toEqual(
      written.map((value, at) => [value, wanted[at]]),
    );
  }
});
