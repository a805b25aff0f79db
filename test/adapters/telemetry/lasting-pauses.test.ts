import { expect, test } from 'vitest';
import { lastingPauses } from '../../../src/adapters/telemetry/lasting-pauses.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Telemetry } from '../../../src/ports/telemetry.ts';

type Event = Parameters<Telemetry['record']>[0];

/** A listener, what it heard, and a way to let the time of a pause pass. */
function listening() {
  const heard: string[] = [];
  const wakers: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep: (_, signal) =>
      new Promise((resolve) => {
        wakers.push(resolve);
        signal?.addEventListener('abort', () => resolve());
      }),
  };
  const stopped = new AbortController();
  const telemetry = lastingPauses(
    { record: ({ kind }) => void heard.push(kind) },
    { milliseconds: 1, clock, signal: stopped.signal },
  );
  const passed = async (): Promise<void> => {
    for (const wake of wakers.splice(0)) wake();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { heard, telemetry, passed, stop: () => stopped.abort() };
}

const notReady: Event = { kind: 'not-ready', reasons: [{ check: 'database', message: 'silent' }] };
const ready: Event = { kind: 'ready-again', pausedMs: 1 };
const paused: Event = {
  kind: 'paused',
  code: 'STORE_UNAVAILABLE',
  reason: 'away',
  sqlstate: undefined,
  needsChange: false,
};
const resumed: Event = { kind: 'resumed', pausedMs: 1 };

test.each([
  [notReady, ready],
  [paused, resumed],
])('a pause that passes is not told, and one that lasts is, with its end', async (begin, end) => {
  const { heard, telemetry, passed } = listening();
  telemetry.record(begin);
  telemetry.record(end);
  await passed();
  expect(heard).toEqual([]);

  telemetry.record(begin);
  await passed();
  expect(heard).toEqual([begin.kind]);
  telemetry.record(end);
  telemetry.record(begin);
  expect(heard).toEqual([begin.kind, end.kind]);
});

test('what stops tells of no pause', async () => {
  const { heard, telemetry, passed, stop } = listening();
  telemetry.record(paused);
  stop();
  await passed();
  expect(heard).toEqual([]);
});
