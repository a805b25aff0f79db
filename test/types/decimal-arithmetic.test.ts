import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  add,
  compare,
  divide,
  fits,
  multiply,
  negate,
  remainder,
  round,
  subtract,
  withScale,
} from '../../src/types/decimal-arithmetic.ts';
import { runs } from '../support/property-runs.ts';

test('results have the scale that Postgres gives them', () => {
  expect(add('1.5', '2.25')).toBe('3.75');
  expect(subtract('1', '0.04')).toBe('0.96');
  expect(multiply('24710.35', '0.96')).toBe('23721.9360');
  expect(multiply('0.00', '-7')).toBe('0.00');
  expect(remainder('-7.5', '2')).toBe('-1.5');
  expect(divide('1', '3', 4)).toBe('0.3333');
  expect(round('1.5', 3)).toBe('1.500');
  expect(round('1250', -2)).toBe('1300');
});

test('halves are rounded away from zero', () => {
  expect(['0.5', '1.5', '-0.5', '-1.5', '2.4'].map((value) => round(value, 0))).toEqual([
    ...['1', '2', '-1', '-2', '2'],
  ]);
  expect(divide('1', '8', 2)).toBe('0.13');
  expect(divide('-1', '8', 2)).toBe('-0.13');
  expect(round('-0.004', 2)).toBe('0.00');
});

test('division by zero has no result', () => {
  expect(divide('1', '0.00', 2)).toBeUndefined();
  expect(remainder('1', '0')).toBeUndefined();
  expect(divide('0.0', '3', 2)).toBe('0.00');
});

test('zero has no sign', () => {
  expect(negate('0.00')).toBe('0.00');
  expect(add('-1.5', '1.5')).toBe('0.0');
  expect(remainder('-4', '2')).toBe('0');
  expect(negate(negate('-1.50'))).toBe('-1.50');
});

test('a column holds a value exactly if no digit would be rounded away', () => {
  expect(fits('9999999999999.99', 15, 2)).toBe(true);
  expect(fits('-9999999999999.9900', 15, 2)).toBe(true);
  expect(fits('10000000000000.00', 15, 2)).toBe(false);
  expect(fits('0.005', 15, 2)).toBe(false);
  expect(fits('0.99', 2, 2)).toBe(true);
  expect(fits('1.00', 2, 2)).toBe(false);
  expect(withScale('23721.9360', 3)).toBe('23721.936');
  expect(withScale('-17', 2)).toBe('-17.00');
  expect(withScale('17.00', 0)).toBe('17');
  expect(() => withScale('0.05', 1)).toThrow(RangeError);
});

test('order does not depend on the scale, and tells neighbours apart that one double stands for', () => {
  expect(compare('9007199254740992', '9007199254740993')).toBeLessThan(0);
  expect(compare('-0.9007199254740993', '-0.9007199254740992')).toBeLessThan(0);
  expect(compare('1.50', '1.5')).toBe(0);
  expect(compare('10', '9.99')).toBeGreaterThan(0);
});

/** Decimals around the places where arithmetic changes from doubles to big integers. */
const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(20), fc.nat(10))
  .map(([units, drop, scale]) => {
    const digits = String(units / 10n ** BigInt(drop))
      .replace('-', '')
      .padStart(scale + 1, '0');
    const cut = digits.length - scale;
    const text = scale === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
    return units < 0n && /[1-9]/.test(text) ? `-${text}` : text;
  });

test('the laws of arithmetic hold exactly', () => {
  fc.assert(
    fc.property(decimals, decimals, decimals, (a, b, c) => {
      expect(add(a, b)).toBe(add(b, a));
      expect(add(add(a, b), c)).toBe(add(a, add(b, c)));
      expect(multiply(a, b)).toBe(multiply(b, a));
      expect(compare(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c)))).toBe(0);
      expect(compare(subtract(add(a, b), b), a)).toBe(0);
      expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
      expect(Math.sign(compare(add(a, c), add(b, c)))).toBe(Math.sign(compare(a, b)));
    }),
    { numRuns: runs(3000) },
  );
});
