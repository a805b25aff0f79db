import { expect, test } from 'vitest';
import { watchBodies } from '../../src/http/body-rate.ts';

/** A clock that stands, and whose sleeps end when the test says how long they took, in milliseconds. */
function clockOf() {
  let now = 0;
  let wake = (): void => {};
  return {
    now: () => now,
    sleep: () => new Promise<void>((resolve) => (wake = resolve)),
    async pass(milliseconds: number) {
      now += milliseconds;
      wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** A body of which one byte has come. */
function watched() {
  const clock = clockOf();
  const watch = watchBodies({ grace: 5_000, bytesPerSecond: 240 }, clock);
  let tooSlow = false;
  watch.add({ startedAt: 0, received: () => 1, tooSlow: () => (tooSlow = true) });
  return { clock, tooSlow: () => tooSlow };
}

test('a body that brings one byte in five seconds is too slow', async () => {
  const { clock, tooSlow } = watched();
  for (let look = 0; look < 5; look += 1) await clock.pass(1_000);
  expect(tooSlow()).toBe(false);
  await clock.pass(1_000);
  expect(tooSlow()).toBe(true);
});

test('the time in which the process itself stood still counts against no body', async () => {
  const { clock, tooSlow } = watched();
  await clock.pass(20_000);
  for (let look = 0; look < 4; look += 1) await clock.pass(1_000);
  expect(tooSlow()).toBe(false);
  await clock.pass(1_000);
  expect(tooSlow()).toBe(true);
});
