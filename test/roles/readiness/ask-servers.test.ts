import { expect, test } from 'vitest';
import type { Clock } from '../../../src/ports/clock.ts';
import { ALL_PATIENCE, storeForbidsWorker, storeRefuses } from '../../../src/roles/readiness/ask-servers.ts';

/** Time that passes only where a test lets it pass. */
function handClock(): Clock & { readonly pass: (milliseconds: number) => Promise<void> } {
  let now = 1_000_000;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const sleeper = { until: now + milliseconds, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => resolve());
      }),
    async pass(milliseconds) {
      now += milliseconds;
      for (const sleeper of sleepers) {
        if (sleeper.until > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      // What was woken goes on before the test does.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** A database whose answers the test gives. */
function askedDatabase() {
  const open: ((writable: boolean) => void)[] = [];
  const takesWrites = () => new Promise<boolean>((resolve) => open.push(resolve));
  return {
    store: { catalog: { takesWrites } },
    asked: () => open.length,
    answer: (writable: boolean) => open.splice(0).forEach((resolve) => resolve(writable)),
  };
}

const SILENT = { check: 'database', message: 'no answer within 2000 ms' };

test('a database that answers at once is asked each time', async () => {
  const { store, answer } = askedDatabase();
  const ask = storeRefuses(store, handClock());
  const first = ask();
  answer(true);
  expect(await first).toBeUndefined();
  const second = ask();
  answer(false);
  expect(await second).toEqual({ check: 'database', message: 'Postgres is read-only' });
});

test('while a database is frozen, whoever asks gets the answer before, and soon that it is silent', async () => {
  const clock = handClock();
  const { store, answer, asked } = askedDatabase();
  const ask = storeRefuses(store, clock);
  const healthy = ask();
  answer(true);
  await healthy;

  const early = ask();
  await clock.pass(300);
  expect(await early).toBeUndefined();
  // The question stays open: nobody asks a silent server again and again.
  expect(asked()).toBe(1);
  await clock.pass(1_700);
  const later = ask();
  await clock.pass(300);
  expect(await later).toEqual(SILENT);

  answer(true);
  const again = ask();
  answer(true);
  expect(await again).toBeUndefined();
});

test('an answer stands in for ten seconds, and nothing does before the first', async () => {
  const clock = handClock();
  const { store, answer } = askedDatabase();
  const ask = storeRefuses(store, clock);
  const unknown = ask();
  await clock.pass(300);
  expect(await unknown).toEqual({ check: 'database', message: 'no answer within 300 ms' });
  answer(true);
  await clock.pass(0);
  await clock.pass(10_001);
  const old = ask();
  await clock.pass(300);
  expect(await old).toEqual({ check: 'database', message: 'no answer within 300 ms' });
});

test('who is in no hurry gets the answer of a busy database, and learns that a frozen one is silent', async () => {
  const clock = handClock();
  const { store, answer } = askedDatabase();
  const ask = storeRefuses(store, clock);
  const late = ask(ALL_PATIENCE);
  await clock.pass(1_900);
  answer(true);
  expect(await late).toBeUndefined();
  const never = ask(ALL_PATIENCE);
  await clock.pass(2_000);
  expect(await never).toEqual(SILENT);
});

test('which rights are missing is told where the database answers, and a silent one lacks none', async () => {
  const clock = handClock();
  let silent = false;
  const answer = <T>(lacking: T) => (silent ? new Promise<never>(() => {}) : Promise.resolve(lacking));
  const ask = storeForbidsWorker(
    {
      catalog: {
        lackingPrivileges: () => answer(['INSERT on dead_letters']),
        lackingOn: () => answer([['UPDATE on orders']]),
      },
    },
    [],
    false,
    clock,
  );
  expect(await ask()).toEqual({
    check: 'privileges',
    message: 'the user of the database lacks INSERT on dead_letters, UPDATE on orders',
  });
  silent = true;
  await clock.pass(20_000);
  const waiting = ask();
  await clock.pass(300);
  expect(await waiting).toBeUndefined();
  await clock.pass(2_000);
  const later = ask();
  await clock.pass(300);
  expect(await later).toBeUndefined();
});
