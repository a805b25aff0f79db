import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/property-runs.ts';
import { columnType, decoded } from './decoding.ts';

const two = (value: number) => String(value).padStart(2, '0');
const four = (value: number) => String(value).padStart(4, '0');

/** Milliseconds of a day at midnight UTC; NaN where the calendar has no such day. */
function midnight(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const same =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same && year >= 1 ? date.getTime() : NaN;
}

const parts = fc.record({
  year: fc.oneof(
    fc.integer({ min: 0, max: 9999 }),
    fc.constantFrom(0, 1, 4, 100, 400, 1900, 2000, 2024, 9999),
  ),
  month: fc.integer({ min: 0, max: 13 }),
  day: fc.oneof(fc.integer({ min: 0, max: 32 }), fc.integer({ min: 28, max: 31 })),
  hour: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 23 }) },
    { weight: 1, arbitrary: fc.constant(24) },
  ),
  minute: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 59 }) },
    { weight: 1, arbitrary: fc.constant(60) },
  ),
  second: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 59 }) },
    { weight: 1, arbitrary: fc.constant(60) },
  ),
  millisecond: fc.integer({ min: 0, max: 999 }),
  offset: fc.integer({ min: -1439, max: 1439 }),
});

test('a date is accepted exactly if the calendar has that day', () => {
  fc.assert(
    fc.property(parts, ({ year, month, day }) => {
      const text = `${four(year)}-${two(month)}-${two(day)}`;
      const real = !Number.isNaN(midnight(year, month, day));
      expect(decoded(columnType('date'), `"${text}"`)).toEqual(real ? { text } : { code: 'out_of_range' });
    }),
    { numRuns: runs(8000) },
  );
});

test('a timestamp of any offset is the same moment in UTC', () => {
  fc.assert(
    fc.property(parts, ({ year, month, day, hour, minute, second, millisecond, offset }) => {
      const sign = offset < 0 ? '-' : '+';
      const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
      const date = `${four(year)}-${two(month)}-${two(day)}`;
      const json = `"${date}T${two(hour)}:${two(minute)}:${two(second)}.${String(millisecond).padStart(3, '0')}${zone}"`;
      const clock = hour < 24 && minute < 60 && second < 60;
      const utc = new Date(
        midnight(year, month, day) + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millisecond,
      );
      const inRange = clock && utc.getUTCFullYear() >= 1 && utc.getUTCFullYear() <= 9999;
      expect(decoded(columnType('timestamp'), json)).toEqual(
        inRange ? { text: utc.toISOString().replace(/\.?0*Z$/, 'Z') } : { code: 'out_of_range' },
      );
    }),
    { numRuns: runs(8000) },
  );
});

test('microseconds are kept, less than that is refused', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{1,9}$/), (fraction) => {
      const kept = fraction.replace(/0+$/, '');
      const text = kept === '' ? '' : `.${kept}`;
      const fine = kept.length <= 6;
      expect(decoded(columnType('time'), `"10:20:30.${fraction}"`)).toEqual(
        fine ? { text: `10:20:30${text}` } : { code: 'too_precise' },
      );
      expect(decoded(columnType('timestamp'), `"1996-01-02T10:20:30.${fraction}Z"`)).toEqual(
        fine ? { text: `1996-01-02T10:20:30${text}Z` } : { code: 'too_precise' },
      );
    }),
  );
});

test('a text of another form is never taken for a moment', () => {
  const characters = fc.constantFrom('', ...Array.from('0123456789-:.TZ+ tz,/'));
  const damaged = fc.tuple(
    fc.constantFrom('1996-01-02', '10:20:30', '1996-01-02T10:20:30Z', '1996-01-02T10:20:30.5+02:00'),
    fc.nat(),
    characters,
    fc.nat(1),
  );
  const forms: Readonly<Record<string, RegExp>> = {
    date: /^\d{4}-\d\d-\d\d$/,
    time: /^\d\d:\d\d(:\d\d(\.\d+)?)?$/,
    timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/,
  };
  fc.assert(
    fc.property(damaged, ([text, at, extra, cut]) => {
      const offset = at % (text.length + 1);
      const changed = text.slice(0, offset) + extra + text.slice(offset + cut);
      for (const [name, form] of Object.entries(forms)) {
        const result = decoded(columnType(name), JSON.stringify(changed));
        const malformed = 'code' in result && result.code === 'invalid_format';
        expect([name, changed, malformed]).toEqual([name, changed, !form.test(changed)]);
      }
    }),
    { numRuns: runs(8000) },
  );
});
