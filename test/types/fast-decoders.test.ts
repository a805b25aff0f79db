import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnTypes } from '../../src/types/registry.ts';
import { isRefusal, type JsonValue, type Value } from '../../src/types/value.ts';
import { runs } from '../support/property-runs.ts';
import { columnType } from './decoding.ts';

/** What the decoder that is ready for everything gives; undefined for a refusal. */
function slowly(name: string, parameters: readonly number[], json: JsonValue): Value | undefined {
  const value = columnType(name).decoder(parameters)(json);
  return isRefusal(value) ? undefined : value;
}

const numbers = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      fc.constantFrom('0', '1', '99', '2147483647', '2147483648'),
      fc.bigInt(0n, 10n ** 9n).map(String),
    ),
    fc.oneof(fc.constantFrom(undefined, '0', '00', '10', '000'), fc.stringMatching(/^[0-9]{1,5}$/)),
  )
  .map(
    ([negative, whole, fraction]) =>
      `${negative ? '-' : ''}${whole}${fraction === undefined ? '' : `.${fraction}`}`,
  );

const parametersOf = (name: string): readonly (readonly number[])[] =>
  name === 'decimal'
    ? [
        [15, 2],
        [2, 2],
        [9, 0],
        [4, 3],
        [20, 5],
      ]
    : [[]];

const withDigits = [...columnTypes.values()].filter((type) => type.digitsDecoder !== undefined);

test.each(
  withDigits.flatMap(({ name }) => parametersOf(name).map((parameters) => [name, parameters] as const)),
)('digits of %s(%s) read on the way are the value that they are read as always', (name, parameters) => {
  const decode = columnType(name).digitsDecoder?.(parameters);
  let taken = 0;
  fc.assert(
    fc.property(numbers, (text) => {
      const scale = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
      const units = Number(text.replace('.', ''));
      const fast = decode?.(units, scale, `[${text}]`, 1, 1 + text.length);
      if (fast === undefined) return;
      taken += 1;
      expect(fast).toEqual(slowly(name, parameters, name === 'float' ? Number(text) : text));
    }),
    { numRuns: runs(2000) },
  );
  expect(taken).toBeGreaterThan(0);
});

const dates = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 0, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
    )
    .map(([year, month, day]) =>
      [String(year).padStart(4, '0'), ...[month, day].map((each) => String(each).padStart(2, '0'))].join('-'),
    ),
  fc.constantFrom('1996-02-29', '1997-02-29', '2012-02-29', '1996-01-02', '2012-01-02', '19960102', ''),
  fc.string({ unit: fc.constantFrom('0', '1', '9', '-', ':', '/', ' '), minLength: 9, maxLength: 11 }),
);

test('the bytes of a date are the value that its text is, whatever dates came before', () => {
  const { bytesDecoder } = columnType('date');
  let taken = 0;
  fc.assert(
    fc.property(dates, (text) => {
      const fast = bytesDecoder?.(Buffer.from(`["${text}"]`), 2, 2 + text.length, `["${text}"]`);
      if (fast !== undefined) taken += 1;
      expect(fast).toBe(slowly('date', [], text));
    }),
    { numRuns: runs(20_000) },
  );
  expect(taken).toBeGreaterThan(0);
});
