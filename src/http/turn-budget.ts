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
 *
 * Requests of known senders are measured by what requests took that were not refused: a flood of others makes turns long too,
 * and is no reason to refuse these. The time from one request to the next is the first one's: its body is worked on in it too.
 */
export interface TurnBudget {
  /** Called when a request comes in. */
  arrived(): void;
  /** Whether there is no time for the request that arrived last. */
  isSpent(isKnown: boolean): boolean;
  /** Called when it has been begun, or refused. */
  begun(wasRefused: boolean): void;
}

export function turnBudget(now: () => number = () => performance.now()): TurnBudget {
  const all = stretch();
  const accepted = stretch();
  let beganAt: number | undefined;
  let arrivedAt = 0;
  let isRefused = false;
  /** What refusals took of this turn. */
  let refusals = 0;
  const end = (): void => {
    for (const each of [all, accepted]) {
      if (each.took <= LONG) each.longSince = undefined;
      else each.longSince ??= beganAt;
      each.took = 0;
    }
    beganAt = undefined;
  };
  return {
    arrived() {
      const at = now();
      if (beganAt === undefined) {
        beganAt = at;
        refusals = 0;
        setImmediate(end);
      } else if (isRefused) refusals += at - arrivedAt;
      arrivedAt = at;
      isRefused = false;
    },
    isSpent(isKnown) {
      if (beganAt === undefined) return false;
      all.took = arrivedAt - beganAt;
      accepted.took = all.took - refusals;
      const { took, longSince } = isKnown ? accepted : all;
      if (took <= LONG) return false;
      return took > TOO_LONG || (longSince !== undefined && arrivedAt - longSince > LASTING);
    },
    begun(wasRefused) {
      isRefused = wasRefused;
    },
  };
}

interface Stretch {
  /** Milliseconds of the running turn so far. */
  took: number;
  /** Since when each turn was long. */
  longSince: number | undefined;
}

function stretch(): Stretch {
  return { took: 0, longSince: undefined };
}
