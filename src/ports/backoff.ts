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
