import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import * as decimal from '../../src/types/decimal-arithmetic.ts';

const client = new Client({ connectionString: inject('databaseUrl') });

beforeAll(() => client.connect());
afterAll(() => client.end());

const COUNT = 20_000;

/** Canonical decimals, short and long, with many zeros and with scales from 0 to 12. */
const canonical = fc
  .tuple(
    fc.oneof(
      fc.bigInt({ min: 0n, max: 100n }),
      fc.bigInt({ min: 0n, max: 10n ** 8n }),
      fc.bigInt({ min: 0n, max: 10n ** 16n }),
      fc.bigInt({ min: 0n, max: 10n ** 40n }),
    ),
    fc.nat(12),
    fc.boolean(),
  )
  .map(([units, scale, negative]) => {
    const digits = String(units).padStart(scale + 1, '0');
    const cut = digits.length - scale;
    const text = scale === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
    return negative && units > 0n ? `-${text}` : text;
  });

/** Fixed seeds, so that a failure can be seen again. */
const lefts = fc.sample(canonical, { numRuns: COUNT, seed: 1 });
const rights = fc.sample(canonical, { numRuns: COUNT, seed: 2 });
const scales = fc.sample(fc.nat(14), { numRuns: COUNT, seed: 3 });

/** The column `result` of a query over the pairs `a`, `b` with a scale `s`, in their order. */
async function inPostgres(expression: string): Promise<readonly (string | null)[]> {
  const { rows } = await client.query<{ result: string | null }>(
    `SELECT (${expression})::text AS result
     FROM unnest($1::numeric[], $2::numeric[], $3::integer[]) WITH ORDINALITY AS pair (a, b, s, position)
     ORDER BY position`,
    [lefts, rights, scales],
  );
  return rows.map((row) => row.result);
}

type Result = string | number | boolean | undefined;

/** What an operation gives for the same pairs. */
function here(operation: (a: string, b: string, s: number) => Result): readonly (string | null)[] {
  return lefts.map((a, at) => {
    const result = operation(a, rights[at] ?? '', scales[at] ?? 0);
    return result === undefined ? null : String(result);
  });
}

test('sums, differences and products are those of Postgres, digits and scale', async () => {
  expect(here(decimal.add)).toEqual(await inPostgres('a + b'));
  expect(here(decimal.subtract)).toEqual(await inPostgres('a - b'));
  expect(here(decimal.multiply)).toEqual(await inPostgres('a * b'));
  expect(here(decimal.negate)).toEqual(await inPostgres('-a'));
});

test('remainders are those of Postgres, with the sign of the dividend', async () => {
  expect(here(decimal.remainder)).toEqual(await inPostgres('a % nullif(b, 0)'));
});

test('rounding is that of Postgres, also to tens and hundreds', async () => {
  expect(here((a, _b, s) => decimal.round(a, s))).toEqual(await inPostgres('round(a, s)'));
  expect(here((a, _b, s) => decimal.round(a, -s))).toEqual(await inPostgres('round(a, -s)'));
});

test('order is that of Postgres', async () => {
  expect(here((a, b) => Math.sign(decimal.compare(a, b)))).toEqual(
    await inPostgres('CASE WHEN a < b THEN -1 WHEN a = b THEN 0 ELSE 1 END'),
  );
});

test('a quotient is the exact one, rounded once', async () => {
  // `round(a / b, s)` would round twice; `div` cuts exactly.
  const exact = `round(
    sign(a) * sign(b) * div(2 * abs(a) * ('1e' || s)::numeric + abs(b), 2 * abs(nullif(b, 0)))
      * ('1e-' || s)::numeric,
    s)`;
  expect(here(decimal.divide)).toEqual(await inPostgres(exact));
});

test('a value fits a column exactly if storing it there changes nothing', async () => {
  expect(here((a, _b, s) => decimal.fits(a, 10 + s, s))).toEqual(
    await inPostgres('round(a, s) = a AND abs(a) < 1e10'),
  );
});
