import type { Random } from './random.ts';

const SENT_TWICE = 0.05;
/** Longer than the stream remembers ids, so that some repeats are only recognised by the inbox. */
const AGAIN_WITHIN = 12_000;

/** Milliseconds after which a request is made once more under its key, for the share of them that is. */
export function repeated(random: Random): number | undefined {
  return random.chance(SENT_TWICE) ? random.between(0, AGAIN_WITHIN) : undefined;
}
