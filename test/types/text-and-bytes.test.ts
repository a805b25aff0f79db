import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/property-runs.ts';
import { columnType, decoded } from './decoding.ts';

/** UTF-16 units of every kind, U+0000 and halves of pairs among them. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\0', '\ud83d', '\ude80', '🚀', 'é', 'a'.repeat(40)),
    ),
    {
      maxLength: 5,
    },
  )
  .map((parts) => parts.join(''));

/** With every unit beyond ASCII as an escape, as only that can carry a lone surrogate. */
function escaped(text: string): string {
  return `"${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;
}

test('text is kept as it is, unless Postgres cannot hold it', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const storable = text.isWellFormed() && !text.includes('\0');
      expect(decoded(columnType('text'), escaped(text))).toEqual(
        storable ? { text } : { code: 'invalid_format' },
      );
    }),
    { numRuns: runs(5000) },
  );
});

test('the length of a text is counted in characters', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.integer({ min: 1, max: 60 }),
      (text, limit) => {
        fc.pre(text.isWellFormed() && !text.includes('\0'));
        const fits = [...text].length <= limit;
        expect(decoded(columnType('text'), JSON.stringify(text), [limit])).toEqual(
          fits ? { text } : { code: 'too_long' },
        );
      },
    ),
    { numRuns: runs(5000) },
  );
});

test('a string that Postgres cannot hold is refused anywhere in a json column', () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom('value', 'key', 'nested'), (text, place) => {
      const spelt = escaped(text);
      const json = { value: spelt, key: `{${spelt}: 1}`, nested: `[{"a": [${spelt}]}]` }[place];
      fc.pre(text !== '__proto__');
      const storable = text.isWellFormed() && !text.includes('\0');
      expect('text' in decoded(columnType('json'), json)).toBe(storable);
    }),
    { numRuns: runs(5000) },
  );
});

test('bytes arrive as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      const buffer = Buffer.from(bytes);
      expect(decoded(columnType('bytes'), `"${buffer.toString('base64')}"`)).toEqual({
        text: `\\x${buffer.toString('hex')}`,
      });
    }),
    { numRuns: runs(5000) },
  );
});

test('of all texts that stand for the same bytes only one is accepted', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9+/=_ -]{0,12}$/), (text) => {
      const canonical = Buffer.from(text, 'base64').toString('base64') === text;
      expect('text' in decoded(columnType('bytes'), `"${text}"`)).toBe(canonical);
    }),
    { numRuns: runs(20_000) },
  );
});

test('a UUID is accepted in either case and kept in lower case', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat(36), (uuid, at) => {
      const mixed = uuid.slice(0, at).toUpperCase() + uuid.slice(at);
      expect(decoded(columnType('uuid'), `"${mixed}"`)).toEqual({ text: uuid });
      const broken = `${uuid.slice(0, at)}g${uuid.slice(at + 1)}`;
      expect(decoded(columnType('uuid'), `"${broken}"`)).toEqual({ code: 'invalid_format' });
    }),
  );
});
