import type { Rate } from '../../ports/sender.ts';

/** How much each of many may do, in memory that is bounded: of very many the ones that came first are forgotten. */
export interface Rates {
  /** Counts one, or gives the milliseconds after which there is room again. */
  take(who: string, rate: Rate): number;
  /** Counts further ones that can no longer be refused: the next wait is longer for it. */
  owe(who: string, rate: Rate, count: number): void;
}

/**
 * The generic cell rate algorithm: of each there is one number, the time at which its whole allowance is there again. `now` must
 * never go back.
 */
export function ratesOf(capacity: number, now: () => number = () => performance.now()): Rates {
  const fullAt = new Map<string, number>();

  /** Gives the milliseconds until there is room, and counts where they are at most `most`. */
  const count = (who: string, { messages, per }: Rate, n: number, most: number): number => {
    const at = now();
    const before = fullAt.get(who);
    const after = (before === undefined || before < at ? at : before) + (per / messages) * n;
    const wait = after - at - per;
    if (wait > most) return wait;
    if (before === undefined && fullAt.size >= capacity) forgetFirst(fullAt);
    fullAt.set(who, after);
    return 0;
  };

  return {
    take: (who, rate) => count(who, rate, 1, ROUNDING),
    owe: (who, rate, n) => void count(who, rate, n, Infinity),
  };
}

/** A thousandth of a millisecond is no wait, but the rest of a sum. */
const ROUNDING = 0.001;

function forgetFirst(map: Map<string, unknown>): void {
  for (const first of map.keys()) {
    map.delete(first);
    return;
  }
}
