import { expect, test } from 'vitest';
import { closest, editDistance } from '../../src/diagnostics/suggest.ts';

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
