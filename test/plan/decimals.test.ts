import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, multiply, remainder, subtract, withScale } from '../../src/types/decimal-arithmetic.ts';
import { planOf } from '../support/plan.ts';
import { evaluate } from './evaluating.ts';

/** A decimal with exactly so many fraction digits. */
function decimalOf(scale: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: 0, max: 18 }))
    .map(([negative, units, drop]) => {
      const digits = String(units / 10n ** BigInt(drop)).padStart(scale + 1, '0');
      const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
      return negative && /[1-9]/.test(text) ? `-${text}` : text;
    });
}

const operators = { '+': add, '-': subtract, '*': multiply, '%': remainder } as const;

const calculation = fc
  .tuple(fc.constantFrom(...Object.keys(operators)), fc.constantFrom(...Object.keys(operators)))
  .chain(([first, second]) =>
    fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6)).chain(([a, b, c]) =>
      fc.record({
        first: fc.constant(first as keyof typeof operators),
        second: fc.constant(second as keyof typeof operators),
        scales: fc.constant([a, b, c] as const),
        values: fc.tuple(decimalOf(a), decimalOf(b), decimalOf(c)),
      }),
    ),
  );

test('calculations of several steps give the digits that step by step arithmetic gives', () => {
  fc.assert(
    fc.property(calculation, ({ first, second, scales, values }) => {
      const fields = values.map((_, at) => `${'abc'[at] ?? ''}: decimal(30, ${scales[at] ?? 0})`).join('  ');
      const plan = planOf(
        `entity T { id: int  ${fields}  v: decimal(200, 40) = (a ${first} b) ${second} c
          store t { key (id)  upsert on (id) } }`,
      );
      const [a, b, c] = values;
      const evaluation = evaluate(plan, { body: { id: 1, a, b, c } });
      const inner = operators[first](a, b);
      const outer = inner === undefined ? undefined : operators[second](inner, c);
      const expected =
        outer === undefined
          ? { rejection: { code: 'failed' } }
          : { writes: [{ rows: [[1, a, b, c, withScale(outer, 40)]] }] };
      expect(evaluation).toMatchObject(expected);
    }),
    { numRuns: 300 },
  );
});

test('decimals are ordered by value, whatever their scales', () => {
  const pair = fc
    .tuple(fc.nat(6), fc.nat(6))
    .chain(([a, b]) => fc.tuple(fc.constant([a, b] as const), decimalOf(a), decimalOf(b)));
  fc.assert(
    fc.property(pair, ([scales, a, b]) => {
      const plan = planOf(
        `entity T { id: int  a: decimal(30, ${scales[0]})  b: decimal(30, ${scales[1]})
          less: bool = a < b  least: bool = a <= b  zero: bool = a >= 0
          store t { key (id)  upsert on (id) } }`,
      );
      const difference = subtract(a, b);
      const sign = /[1-9]/.test(difference) ? (difference.startsWith('-') ? -1 : 1) : 0;
      expect(evaluate(plan, { body: { id: 1, a, b } })).toMatchObject({
        writes: [{ rows: [[1, a, b, sign < 0, sign <= 0, !a.startsWith('-')]] }],
      });
    }),
    { numRuns: 200 },
  );
});
