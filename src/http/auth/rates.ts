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

  const add = (who: string, { messages, per }: Rate, count: number, at: number) => {
    const before = fullAt.get(who);
    if (before === undefined && fullAt.size >= capacity) forgetFirst(fullAt);
    fullAt.set(who, Math.max(before ?? 0, at) + (per / messages) * count);
  };

  return {
    take(who, rate) {
      const at = now();
      const wait = Math.max(fullAt.get(who) ?? 0, at) + rate.per / rate.messages - at - rate.per;
      // A thousandth of a millisecond is no wait, but the rest of a sum.
      if (wait > 0.001) return wait;
      add(who, rate, 1, at);
      return 0;
    },
    owe: (who, rate, count) => add(who, rate, count, now()),
  };
}

function forgetFirst(map: Map<string, unknown>): void {
  for (const first of map.keys()) {
    map.delete(first);
    return;
  }
}
