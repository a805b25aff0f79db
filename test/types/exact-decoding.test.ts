import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/property-runs.ts';
import { columnType, decoded } from './decoding.ts';
import { exactNumber } from './exact-number.ts';

const decimal = columnType('decimal');

const parameters = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 }))
  .map(([precision, scale]) => [precision, Math.min(precision, scale)] as const);

const spelling = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9][0-9]{0,22}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,3}$/), fc.stringMatching(/^\.[0-9]{1,24}$/)),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.stringMatching(/^[eE][+-]?[0-9]{1,2}$/) },
    ),
  )
  .map((parts) => parts.join(''));

/** What `numeric(p, s)` must make of a number: its exact text, or why not. */
function expectedDecimal(text: string, precision: number, scale: number) {
  const exact = exactNumber(text);
  const [units = '0', exponent = '0'] = exact.split('e');
  const digits = units.replace('-', '');
  const power = Number(exponent);
  if (exact !== '0' && digits.length + power > precision - scale) return { code: 'out_of_range' };
  if (exact !== '0' && -power > scale) return { code: 'too_precise' };
  const all = BigInt(digits) * 10n ** BigInt(exact === '0' ? 0 : power + scale);
  const padded = String(all).padStart(scale + 1, '0');
  const cut = padded.length - scale;
  const sign = units.startsWith('-') ? '-' : '';
  return { text: sign + (scale === 0 ? padded : `${padded.slice(0, cut)}.${padded.slice(cut)}`) };
}

test('a decimal arrives digit for digit or is refused, as a number and as a string', () => {
  fc.assert(
    fc.property(spelling, parameters, (text, [precision, scale]) => {
      const expected = expectedDecimal(text, precision, scale);
      expect(decoded(decimal, text, [precision, scale])).toEqual(expected);
      expect(decoded(decimal, `"${text}"`, [precision, scale])).toEqual(expected);
    }),
    { numRuns: runs(8000) },
  );
});

test('every amount of money arrives to the cent', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (cents) => {
      const text = (BigInt(cents) / 100n).toString().replace(/^-/, '');
      const fraction = String(Math.abs(cents % 100)).padStart(2, '0');
      const amount = `${cents < 0 ? '-' : ''}${text}.${fraction}`;
      expect(decoded(decimal, amount, [18, 2])).toEqual({ text: amount });
      expect(decoded(decimal, `"${amount}"`, [18, 2])).toEqual({ text: amount });
    }),
    { numRuns: runs(8000) },
  );
});

test('any double is kept exactly in a wide decimal', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const json = JSON.stringify(value);
      const result = decoded(decimal, json, [1000, 600]);
      expect('text' in result ? exactNumber(result.text) : result.code).toBe(exactNumber(json));
    }),
    { numRuns: runs(5000) },
  );
});

test('whole numbers arrive digit for digit or are refused, in every spelling', () => {
  const limits = { int: 31n, bigint: 63n };
  fc.assert(
    fc.property(
      fc.constantFrom('int', 'bigint'),
      fc.oneof(
        fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }),
        fc.bigInt({ min: -(2n ** 33n), max: 2n ** 33n }),
      ),
      (name, integer) => {
        const limit = 2n ** limits[name];
        const inside = integer >= -limit && integer < limit;
        const expected = inside ? { text: String(integer) } : { code: 'out_of_range' };
        for (const json of [
          `${integer}`,
          `"${integer}"`,
          `${integer}.0`,
          `${integer}.000e0`,
          `${integer * 10n}e-1`,
        ]) {
          expect({ json, ...decoded(columnType(name), json) }).toEqual({ json, ...expected });
        }
      },
    ),
    { numRuns: runs(5000) },
  );
});

test('what is not whole is never rounded into a whole number', () => {
  fc.assert(
    fc.property(fc.constantFrom('int', 'bigint'), fc.maxSafeInteger(), fc.nat(20), (name, whole, zeros) => {
      const json = `${whole}.${'0'.repeat(zeros)}1`;
      expect(decoded(columnType(name), json)).toEqual({ code: 'too_precise' });
    }),
  );
});

test('a float comes back as the same double', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const result = decoded(columnType('float'), Object.is(value, -0) ? '-0.0' : JSON.stringify(value));
      expect('text' in result && Object.is(Number(result.text), value)).toBe(true);
    }),
    { numRuns: runs(5000) },
  );
});
