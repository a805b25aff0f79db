import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closest, editDistance } from '../../src/diagnostics/suggest.ts';
import { runs } from '../support/property-runs.ts';

test.each([
  ['entitty', ['entity', 'enum'], 'entity'],
  ['oder_key', ['order_key', 'part_key'], 'order_key'],
  ['teh', ['the'], 'the'],
  ['Entity', ['entity'], 'entity'],
  ['customer', ['order', 'supplier'], undefined],
  ['id', ['ad', 'it'], undefined],
  ['quantity', [], undefined],
  ['name', ['name'], undefined],
])('for %s of %j the suggestion is %s', (name, candidates, suggestion) => {
  expect(closest(name, candidates)).toBe(suggestion);
});

test('swapped neighbours count as one edit', () => {
  expect(editDistance('upsret', 'upsert')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('abc', 'abc')).toBe(0);
});

/** By the definition, without any limit. */
function distance(from: string, to: string): number {
  if (from === '' || to === '') return from.length + to.length;
  const [a, b] = [from.slice(0, -1), to.slice(0, -1)];
  const least = Math.min(
    distance(a, to) + 1,
    distance(from, b) + 1,
    distance(a, b) + (from.at(-1) === to.at(-1) ? 0 : 1),
  );
  const swapped = from.length > 1 && to.length > 1 && from.at(-1) === to.at(-2) && from.at(-2) === to.at(-1);
  return swapped ? Math.min(least, distance(a.slice(0, -1), b.slice(0, -1)) + 1) : least;
}

const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '_'), maxLength: 6 });

test('the distance below a limit is exact, and from the limit on at least the limit', () => {
  fc.assert(
    fc.property(name, name, fc.constantFrom(1, 2, 3, 5, Infinity), (from, to, limit) => {
      const exact = distance(from, to);
      const found = editDistance(from, to, limit);
      expect(exact < limit ? found : Math.min(found, limit)).toBe(Math.min(exact, limit));
    }),
    { numRuns: runs(1000) },
  );
});

test('the suggestion is the first of the nearest names, whatever is looked at to find it', () => {
  fc.assert(
    fc.property(name, fc.array(name, { maxLength: 8 }), (wanted, candidates) => {
      const most = Math.max(Math.floor(wanted.length / 3), wanted.length > 2 ? 1 : 0);
      const distances = candidates.map((each) => (each === wanted ? Infinity : distance(wanted, each)));
      const nearest = Math.min(...distances);
      const expected = nearest <= most ? candidates[distances.indexOf(nearest)] : undefined;
      expect(closest(wanted, candidates)).toBe(expected);
    }),
    { numRuns: runs(2000) },
  );
});

test('of names without end only the first are looked at', () => {
  function* endless(): Generator<string> {
    for (let at = 0; ; at += 1) yield `${'x'.repeat(20)}${at}`;
  }
  expect(closest('order', endless())).toBeUndefined();
});
