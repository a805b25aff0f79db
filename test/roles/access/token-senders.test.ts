import { expect, test } from 'vitest';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Verified } from '../../../src/ports/tokens.ts';
import { tokenSenders } from '../../../src/roles/access/token-senders.ts';

const VALID: Verified = { kind: 'valid', subject: 'pos', scope: ['ingest'], expiresAt: Infinity };

/** A provider that answers when the test lets it, and a clock that the test moves. */
function stage() {
  const asked: string[] = [];
  const waiting: ((found: Verified) => void)[] = [];
  let now = 0;
  const clock: Clock = { now: () => now, sleep: () => Promise.resolve() };
  const verify = (token: string) => {
    asked.push(token);
    return new Promise<Verified>((resolve) => waiting.push(resolve));
  };
  const senders = tokenSenders('shop', { verify }, clock);
  return {
    asked,
    ask: async (token: string) => (await senders(token)).kind,
    answer: (found: Verified) => waiting.splice(0).forEach((each) => each(found)),
    pass: (milliseconds: number) => (now += milliseconds),
  };
}

test('a token is verified once for all requests that bring it at the same time', async () => {
  const { asked, ask, answer } = stage();
  const answers = Array.from({ length: 200 }, () => ask('a'));
  answer(VALID);
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['sender']));
  expect(asked).toEqual(['a']);
});

test('a sender who was known a minute ago is verified again although strangers take all places', async () => {
  const { ask, answer, pass } = stage();
  const first = ask('known');
  answer(VALID);
  expect(await first).toBe('sender');
  pass(61_000);
  const strangers = Array.from({ length: 64 }, (_, at) => ask(`stranger ${at}`));
  expect(await ask('one more')).toBe('unready');
  const again = ask('known');
  answer(VALID);
  expect(await again).toBe('sender');
  await Promise.all(strangers);
});

test('a token that the provider has withdrawn is a stranger again', async () => {
  const { ask, answer, pass } = stage();
  const first = ask('known');
  answer(VALID);
  await first;
  pass(61_000);
  const again = ask('known');
  answer({ kind: 'refused', reason: 'withdrawn' });
  expect(await again).toBe('refused');
  const strangers = Array.from({ length: 64 }, (_, at) => ask(`stranger ${at}`));
  expect(await ask('known')).toBe('unready');
  answer({ kind: 'unavailable', reason: 'gone' });
  expect(new Set(await Promise.all(strangers))).toEqual(new Set(['unready']));
});
