import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson, splitJsonLines } from '../../src/types/json-reader.ts';
import { runs } from '../support/property-runs.ts';
import { exactNumber } from './exact-number.ts';

/** A JSON number as a sender may write it: any length, any exponent. */
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9][0-9]{0,25}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,25}$/)),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.stringMatching(/^[eE][+-]?[0-9]{1,3}$/) },
    ),
  )
  .map((parts) => parts.join(''));

/** JSON without the one key that is refused though it is JSON; generators love it. */
function jsonText(maxDepth: number): fc.Arbitrary<string> {
  return fc.json({ maxDepth }).filter((text) => !text.includes('__proto__'));
}

function read(text: string): unknown {
  const result = readJson(text);
  if (result.kind === 'invalid') throw new Error(result.message);
  return result.value;
}

function faultOf(text: string) {
  const result = readJson(text);
  return result.kind === 'invalid' ? result : undefined;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('JSON is read as everybody reads it', () => {
  fc.assert(
    fc.property(jsonText(5), (text) => {
      expect(read(text)).toEqual(JSON.parse(text));
    }),
    { numRuns: runs(2000) },
  );
});

test('no digit of any number is lost, wherever it stands in the text', () => {
  fc.assert(
    fc.property(fc.array(numberText, { minLength: 1, maxLength: 4 }), fc.nat(40), (numbers, shift) => {
      const text = `{"${'x'.repeat(shift)}": [${numbers.join(',')}]}`;
      const printed = JSON.stringify(read(text)).replace(/^.*\[|\].*$/g, '');
      expect(printed.split(',').map(exactNumber)).toEqual(numbers.map(exactNumber));
    }),
    { numRuns: runs(20_000) },
  );
});

test('the shortest number that loses a digit is kept at every place in a text', () => {
  for (let shift = 0; shift < 40; shift++) {
    for (const number of ['9007199254740993', '1e-999', '0.10000000000000001']) {
      const text = `{"${'x'.repeat(shift)}":${number}}`;
      expect(JSON.stringify(read(text))).toBe(text);
    }
  }
});

test('a number that a double holds is a plain number, however many digits it has', () => {
  expect(read('[0.30000000000000004, 13.404953999999975, 1e20, 123456789012345680000]')).toEqual([
    0.30000000000000004, 13.404953999999975, 1e20, 123456789012345680000,
  ]);
  expect(read('[1.10000000000000000000]')).toEqual([1.1]);
});

test('digits inside strings are left alone', () => {
  const value = { card: '4111111111111111111', id: '5e400', text: 'a\\"12345678901234567890' };
  expect(read(JSON.stringify(value))).toEqual(value);
  expect(read(JSON.stringify([value, 1]))).toEqual([value, 1]);
});

test('an object that only looks like a kept number stays an object', () => {
  expect(read('{"n": {"rawJSON": "1"}, "m": 12345678901234567890}')).toMatchObject({ n: { rawJSON: '1' } });
  expect(JSON.stringify(read('{"n":{"rawJSON":"1"},"m":12345678901234567890}'))).toBe(
    '{"n":{"rawJSON":"1"},"m":12345678901234567890}',
  );
});

test('64 levels are read, 65 are refused, and a million are refused as fast', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(faultOf(nested(64))).toBeUndefined();
  expect(faultOf(nested(65))).toMatchObject({ code: 'too_deep', line: 1, column: 65 });
  expect(faultOf('{"a":'.repeat(65) + '1' + '}'.repeat(65))).toMatchObject({ code: 'too_deep' });
  expect(faultOf(nested(1_000_000))).toMatchObject({ code: 'too_deep' });
  expect(faultOf('['.repeat(1_000_000))).toMatchObject({ code: 'too_deep' });
});

test('brackets beside each other or in strings are no depth', () => {
  const wide = JSON.stringify({
    list: Array.from({ length: 200 }, () => ({ a: [] })),
    text: '['.repeat(500),
  });
  expect(faultOf(wide)).toBeUndefined();
  expect(faultOf(JSON.stringify(['\\"[', '\\', '"', '{'.repeat(100)]))).toBeUndefined();
});

test('a key __proto__ is refused at any depth and in any spelling, a value may say it', () => {
  for (const text of [
    '{"__proto__": 1}',
    '{"a": [{"b": 1, "__proto__": {}}]}',
    '{"\\u005f_proto__": 1}',
    '[{"__pr\\u006Fto__": 1}]',
    '{"n": 12345678901234567890, "__proto__": 1}',
  ]) {
    expect({ text, fault: faultOf(text) }).toMatchObject({ text, fault: { code: 'invalid_json' } });
  }
  expect(read('{"a": "__proto__", "b": "\\u005f"}')).toEqual({ a: '__proto__', b: '_' });
});

test('a text is refused exactly if it is no JSON', () => {
  const damaged = fc
    .tuple(
      jsonText(4),
      fc.nat(),
      fc.nat(2),
      fc.constantFrom('', ...Array.from('{}[]",:\\ue-+.019tn\u0001 \u00a0')),
    )
    .map(([text, at, cut, extra]) => {
      const offset = at % (text.length + 1);
      return text.slice(0, offset) + extra + text.slice(offset + cut);
    });
  fc.assert(
    fc.property(damaged, (text) => {
      fc.pre(!text.includes('__proto__'));
      const fault = faultOf(text);
      expect(fault === undefined).toBe(parses(text));
      // The fallback of a fault that the second reading does not find.
      expect(fault?.message ?? '').not.toContain('the text is not JSON');
    }),
    { numRuns: runs(6000) },
  );
});

test('a fault says what and where, and repeats nothing of the text', () => {
  const faults = [
    ['', 'expected a value, found the end of the text, at line 1, column 1'],
    ['{"a": 1,\n "b" 2}', 'expected ":", found another character, at line 2, column 6'],
    ['{"a": 1', 'expected "," or "}", found the end of the text, at line 1, column 8'],
    ['[1, 2', 'expected "," or "]", found the end of the text, at line 1, column 6'],
    ['[1,]', 'expected a value, found "]", at line 1, column 4'],
    ["{'a': 1}", 'expected a key in double quotes, found "\'", at line 1, column 2'],
    ['{"a": secret}', 'expected a value, found another character, at line 1, column 7'],
    ['{"a": 01}', 'expected "," or "}", found another character, at line 1, column 8'],
    ['{"a": "sec', 'a string has no end, at line 1, column 7'],
    ['{"a": "x\ny"}', 'a control character in a string, at line 1, column 9'],
    ['"\u001f"', 'a control character in a string, at line 1, column 2'],
    ['{"a": "\\x41"}', 'a string has an escape that JSON does not know, at line 1, column 8'],
    ['{"a": "\\u12"}', 'a string has an escape that JSON does not know, at line 1, column 8'],
    ['{} "secret"', 'expected the end of the text, found a double quote, at line 1, column 4'],
    ['{"__proto__": 1}', 'the key __proto__ is not allowed, at line 1, column 2'],
    [
      '['.repeat(65),
      'expected arrays and objects at most 64 deep in each other, found a deeper one, at line 1, column 65',
    ],
  ] as const;
  expect(faults.map(([text]) => [text, faultOf(text)?.message])).toEqual(faults);
});

test('lines of newline-delimited JSON are cut as they were written, empty lines left out', () => {
  expect(splitJsonLines('{"a": 1}\r\n\n  {"b": "x\\ny"} \n\t\n{"c": 3}')).toEqual([
    '{"a": 1}',
    '{"b": "x\\ny"}',
    '{"c": 3}',
  ]);
  expect(splitJsonLines('')).toEqual([]);
});
