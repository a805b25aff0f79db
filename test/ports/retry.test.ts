import { expect, test } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';
import { delayAfter, retryUntilDone } from '../../src/ports/retry.ts';

const backoff = { from: 100, to: 1_000 };

/** Time that passes only by sleeping. */
function sleepless(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => 0,
    sleep(milliseconds) {
      slept.push(milliseconds);
      return Promise.resolve();
    },
  };
}

test('a delay doubles up to its cap, and is shortened by up to a half', () => {
  const delays = (random: number) =>
    [1, 2, 3, 4, 5, 1_000].map((tries) => delayAfter(tries, backoff, () => random));
  expect(delays(0)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(delays(1)).toEqual([50, 100, 200, 400, 500, 500]);
});

test('what is not done is attempted again after the delay that the attempt was told of', async () => {
  const clock = sleepless();
  const told: number[] = [];
  const attempt = async (delay: number) => {
    told.push(delay);
    return told.length === 4 ? 'done' : 'again';
  };
  expect(await retryUntilDone(attempt, { clock, backoff })).toBe(true);
  expect(clock.slept).toEqual(told.slice(0, 3));
});

test('nothing is attempted once the signal has aborted', async () => {
  const stopping = new AbortController();
  let attempts = 0;
  const attempt = async () => {
    attempts += 1;
    if (attempts === 2) stopping.abort();
    return 'again' as const;
  };
  const { signal } = stopping;
  expect(await retryUntilDone(attempt, { clock: sleepless(), backoff, signal })).toBe(false);
  expect(attempts).toBe(2);
});

test('what an attempt rejects with ends the retries', async () => {
  const attempt = () => Promise.reject(new Error('a bug'));
  await expect(retryUntilDone(attempt, { clock: sleepless(), backoff })).rejects.toThrow('a bug');
});
