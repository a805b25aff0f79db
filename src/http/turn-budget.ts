/** Milliseconds after which a turn of the event loop is long. */
const LONG = 20;
/** Milliseconds for which all turns have been long before requests are refused: what a garbage collection makes long passes by itself. */
const LASTING = 100;
/** Milliseconds of one turn after which further requests of it are refused in any case. */
const TOO_LONG = 250;

/**
 * Whether a server has more requests than it can do. All requests that have arrived are begun in one turn of the event loop, and
 * answered in a later one. So nobody waits long while turns are short, and once they stay long, whatever comes after the first
 * milliseconds of a turn is too much.
 */
export interface TurnBudget {
  /** Called when a request comes in. */
  isSpent(): boolean;
}

export function turnBudget(now: () => number = () => performance.now()): TurnBudget {
  let beganAt: number | undefined;
  let took = 0;
  /** Since when each turn was long. */
  let longSince: number | undefined;
  const end = (): void => {
    if (took <= LONG) longSince = undefined;
    else longSince ??= beganAt;
    beganAt = undefined;
  };
  return {
    isSpent() {
      const at = now();
      if (beganAt === undefined) {
        beganAt = at;
        setImmediate(end);
      }
      took = at - beganAt;
      if (took <= LONG) return false;
      return took > TOO_LONG || (longSince !== undefined && at - longSince > LASTING);
    },
  };
}
