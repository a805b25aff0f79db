import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ratesOf } from '../../../src/http/auth/rates.ts';

const rate = { messages: 10, per: 1000 };

test('so many may come at once, and after that so many in a period', () => {
  let now = 0;
  const rates = ratesOf(10, () => now);
  const taken = (count: number) => Array.from({ length: count }, () => rates.take('a', rate));
  expect(taken(10)).toEqual(Array.from({ length: 10 }, () => 0));
  expect(rates.take('a', rate)).toBe(100);
  expect(rates.take('b', rate)).toBe(0);
  now = 100;
  expect(taken(2)).toEqual([0, 100]);
});

test('no sender gets more than its allowance and what its rate gives in the time', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(steps, (waits) => {
      let now = 0;
      const rates = ratesOf(10, () => now);
      let taken = 0;
      for (const wait of waits) {
        now += wait;
        if (rates.take('a', rate) === 0) taken += 1;
      }
      expect(taken).toBeLessThanOrEqual(rate.messages + (now * rate.messages) / rate.per + 1e-9);
    }),
  );
});

test('the messages of a batch are paid for by the waits that follow', () => {
  let now = 0;
  const rates = ratesOf(10, () => now);
  expect(rates.take('a', rate)).toBe(0);
  rates.owe('a', rate, 49);
  expect(rates.take('a', rate)).toBe(4100);
  now = 4100;
  expect(rates.take('a', rate)).toBe(0);
});

test('very many senders take no more memory than the capacity', () => {
  const rates = ratesOf(3, () => 0);
  const one = { messages: 1, per: 1000 };
  for (let each = 0; each < 1000; each += 1) expect(rates.take(String(each), one)).toBe(0);
  // The last three are still known.
  for (const each of ['997', '998', '999']) expect(rates.take(each, one)).toBeGreaterThan(0);
});
