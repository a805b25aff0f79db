/** Milliseconds after which a turn of the event loop is long. */
const LONG = 20;
/** Milliseconds for which all turns have been long before there is too much: requests that come all at once are served. */
const LASTING = 100;
/** Milliseconds for the requests of a turn while there is too much: what they leave to do takes as long again, and others wait for it. */
const SHORT = 5;
/** Milliseconds after the last refusal in which turns have to be short. */
const CALM = 100;
/** Milliseconds of one request, or of a garbage collection, that count: many requests are too much, and one long one is not. */
const PAUSE = 5;
/** Milliseconds of one turn after which further requests of it are refused in any case. */
const TOO_LONG = 250;
/** Milliseconds that may pass in a turn, whoever had the processors meanwhile: senders wait for their answers. */
const LATE = 1_000;
/** Milliseconds for which a look at the processor time counts for the turns that begin: it costs 1 µs. */
const LOOK = 10;

/**
 * Whether a server has more requests than it can do. All requests that have arrived are begun in one turn of the event loop, and
 * answered in a later one. So nobody waits long while turns are short. Requests that come all at once make a turn or two long, and are
 * served. Once turns stay long, whatever comes after the first milliseconds of a turn is too much, until no turn has too much.
 *
 * Requests of known senders are measured by what requests took that were not refused: a flood of others makes turns long too,
 * and is no reason to refuse these.
 *
 * A turn is as long as this process worked in it. Where others take the processors, few requests make a turn last long too: who refuses
 * them gives nobody an earlier answer. The time from one request to the next is the first one's: its body is worked on in it too.
 */
export interface TurnBudget {
  /** Called when a request comes in. */
  arrived(): void;
  /** Whether there is no time for the request that arrived last. */
  isSpent(isKnown: boolean): boolean;
  /** Called when it has been begun, or refused. */
  begun(wasRefused: boolean): void;
}

/** Milliseconds, since any moment: those that pass, and those that this thread works. */
export interface TurnClock {
  now(): number;
  worked(): number;
}

const CLOCK: TurnClock = { now: () => performance.now(), worked: threadTime };

export function turnBudget({ now, worked }: TurnClock = CLOCK): TurnBudget {
  const all = turns();
  const accepted = turns();
  let beganAt: number | undefined;
  let arrivedAt = 0;
  /** The last look at what was worked, at the begin of this turn or shortly before. */
  let look = { at: -Infinity, worked: 0 };
  let isRefused = false;
  /** What refusals took of this turn, and what pauses did. */
  let refusals = 0;
  let pauses = 0;
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
      const since = at - arrivedAt;
      if (beganAt === undefined) {
        beganAt = at;
        refusals = 0;
        pauses = 0;
        if (at - look.at > LOOK || hasTooMuch(all, at)) look = { at, worked: worked() };
        setImmediate(end);
      } else if (isRefused) refusals += since;
      else if (since > PAUSE) pauses += since - PAUSE;
      arrivedAt = at;
      isRefused = false;
    },
    isSpent(isKnown) {
      if (beganAt === undefined) return false;
      const passed = arrivedAt - beganAt;
      const busy = passed - pauses;
      const own = busy <= SHORT ? busy : Math.min(busy, worked() - look.worked);
      all.took = own;
      accepted.took = Math.min(own, busy - refusals);
      const ours = passed - (isKnown ? refusals : 0);
      if (ours > LATE) return true;
      const each = isKnown ? accepted : all;
      if (!hasTooMuch(each, arrivedAt)) return ours > TOO_LONG && worked() - look.worked > TOO_LONG;
      if (each.took <= SHORT) return false;
      each.refusedAt = arrivedAt;
      return true;
    },
    begun(wasRefused) {
      isRefused = wasRefused;
    },
  };
}

/** Node 22 tells only what all threads of the process worked. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
}

interface Turns {
  /** Milliseconds of the running turn so far, without pauses. */
  took: number;
  /** Since when each turn was long. */
  longSince: number | undefined;
  /** When a request was last too much. */
  refusedAt: number;
}

function turns(): Turns {
  return { took: 0, longSince: undefined, refusedAt: -Infinity };
}

function hasTooMuch({ longSince, refusedAt }: Turns, at: number): boolean {
  return (longSince !== undefined && at - longSince > LASTING) || at - refusedAt < CALM;
}
