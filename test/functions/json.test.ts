import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/property-runs.ts';
import { runOf } from './run.ts';

const get = (path: string) => runOf('json_get', 'json', `text ${JSON.stringify(path)}`);
const key = fc.constantFrom('a', 'b', '0', '1', 'length');
const leaf = fc.oneof(fc.constantFrom(null, true, '', 'x'), fc.integer());
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(key, tie('json'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

function naive(value: unknown, path: readonly string[]): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (Array.isArray(value)) return naive(/^[0-9]+$/.test(first) ? value[Number(first)] : undefined, rest);
  if (typeof value !== 'object' || value === null) return undefined;
  return naive(new Map(Object.entries(value)).get(first), rest);
}

test('json_get walks keys and positions as they are written', () => {
  fc.assert(
    fc.property(json, fc.array(key, { minLength: 1, maxLength: 3 }), (value, path) => {
      const found = naive(value, path) ?? null;
      const given = get(path.join('.'))(JSON.stringify(value));
      expect(given === null ? null : JSON.parse(String(given))).toEqual(found);
    }),
    { numRuns: runs(2000) },
  );
});

test('what every object of the engine inherits is no key', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    expect(get(name)('{}')).toBeNull();
    expect(get(`a.${name}`)('{"a": [1]}')).toBeNull();
  }
});

test('numbers beyond a double keep their digits', () => {
  expect(get('n')('{"n": 12345678901234567890.10}')).toBe('12345678901234567890.10');
  expect(get('a')('{"a": [1e400, 9007199254740993]}')).toBe('[1e400,9007199254740993]');
});
