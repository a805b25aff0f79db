import type { Clock } from './clock.ts';

/** Milliseconds: the first delay and the cap of its doubling. */
export interface Backoff {
  readonly from: number;
  readonly to: number;
}

/**
 * The delay before try number `tries` + 1, 1 being the first failure: doubled each time up to the cap, then shortened by
 * up to a half at random, so that many who failed together do not come back together.
 */
export function delayAfter(tries: number, { from, to }: Backoff, random: () => number = Math.random): number {
  const full = Math.min(to, from * 2 ** Math.min(tries - 1, 30));
  return Math.round(full * (1 - random() / 2));
}

export interface RetryTerms {
  readonly clock: Clock;
  readonly backoff: Backoff;
  readonly signal?: AbortSignal;
}

/**
 * Attempts until one gives `done`, and waits after each other one. Resolves with true then, or with false where `signal`
 * aborts before. Rejects as soon as an attempt does. `delay` is what follows where the attempt fails, in milliseconds.
 */
export async function retryUntilDone(
  attempt: (delay: number) => Promise<'done' | 'again'>,
  { clock, backoff, signal }: RetryTerms,
): Promise<boolean> {
  for (let tries = 1; signal?.aborted !== true; tries += 1) {
    const delay = delayAfter(tries, backoff);
    if ((await attempt(delay)) === 'done') return true;
    await clock.sleep(delay, signal);
  }
  return false;
}
