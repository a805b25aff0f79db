import { expect, test } from 'vitest';
import { checkDelay } from '../../src/editor/check-delay.ts';

test('an edit that comes alone is checked at once, however large the file is', () => {
  for (const took of [0, 80, 300]) expect(checkDelay(took, 1000)).toBe(1);
  expect(checkDelay(5000, Infinity)).toBe(1);
});

test('while somebody types, a check waits as long as the last one took, but never long', () => {
  expect(checkDelay(0, 1)).toBe(10);
  expect(checkDelay(80, 120)).toBe(80);
  expect(checkDelay(5000, 500)).toBe(300);
});
