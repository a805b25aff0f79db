import type { Clock } from '../../../ports/clock.ts';
import type { Failure } from '../../../ports/failure.ts';
import { delayAfter, type Backoff } from '../../../ports/retry.ts';
import { classify } from './classify.ts';
import { failedTable } from '../failed-table.ts';
import type { Message } from '../message.ts';
import type { Pause, Pauses } from './pauses.ts';
import type { WritePlan } from '../write-plan.ts';

/** Messages that failed alone at a place, with nothing written there since, which make it sick. */
const SICK = 3;
/** First charges that one success at a place may justify. */
const CHARGES = 3;
/** Milliseconds within which a success elsewhere says that the server was well when a message failed. */
const RECENT = 2_000;
/** Milliseconds for which a message must have failed until somebody is told of it, and until that is told again. */
const TOLD_AFTER = 10_000;
const TOLD_AGAIN = 60_000;
/** How often others must have succeeded between two failures of a message, where that was not so recent. */
const CYCLES = 3;
/** Milliseconds after which a failure at a place says nothing any more: somebody else may have done the work. */
const EXPIRY = 10_000;
/** Messages that are remembered. What is forgotten is charged later, never earlier. */
const REMEMBERED = 25_000;
/** Messages of one fetch while a place is sick. */
const PROBE = 500;
/** Milliseconds between two fetches that find no more than what waits for the sick: where nothing at all is written, and where something is. */
const ALL_SICK: Backoff = { from: 250, to: 5_000 };
const SOME_SICK: Backoff = { from: 250, to: 1_000 };
/** Milliseconds until a message comes again that was given back: half of the time since the first doubt, within these. */
const GIVEN_BACK: Backoff = { from: 500, to: 5_000 };
/**
 * JetStream delivers such messages before all others. So many in a second come again at most, less than is fetched, as long
 * as that takes no longer than this: what is healthy stands behind them. Less where others are written meanwhile.
 */
const COME_AGAIN = 1_000;
const COME_AGAIN_BETWEEN = 500;
const COME_AGAIN_WITHIN = 15_000;
/** Milliseconds until the next fetch where the last one was full and brought nothing but what came before, less where less did. */
const SHARED_WAIT = 20;
/** Milliseconds between two messages that are tried where nothing gets through; the others go back untried. */
const ASK_EVERY = 200;

/**
 * What this process has seen of errors that are not plainly the fault of a message. They count against one only where
 * they are its own alone: it fails, others are written at all the places where it writes, and it fails again.
 *
 * A message: unknown → suspected (failed alone) → charged an attempt, each time that it fails while its places are well
 *                                               → forgotten (written, or a dead letter)
 * A place, that is a table and what is done there: well → in doubt (a message failed alone: the reason is shown)
 *   → sick (several did: others are not tried, except for a few) → well (a message was written there, or nothing failed there for ten seconds)
 *
 * Nothing is done while nothing fails.
 */
export interface Evidence {
  /** Begins the search for the message at which a batch failed. What is committed from now on happened since. */
  search(): Search;
  /** Whether no message and no place is in doubt. */
  quiet(): boolean;
  /** Whether the message failed alone before. */
  suspected(message: Message): boolean;
  /** Whether the message writes where nothing gets through. */
  blocked(message: Message): boolean;
  /** Whether it is time to try a message that is blocked. */
  mayAsk(): boolean;
  /** Notes what was written and committed. */
  committed(messages: readonly Message[]): void;
  /** Notes that a message failed alone, and before that in a batch, at `since`; gives whether that counts against it. */
  failed(message: Message, failure: Failure, since: number): boolean;
  /** Whether the message has failed for so long that somebody is to be told; yes once in a while. */
  isToBeTold(message: Message): boolean;
  /** Whether others were written, since the message failed, at all the places where it writes. */
  othersWritten(message: Message): boolean;
  forget(messageId: string): void;
  /** Notes messages that go back without having failed by their own fault; gives the milliseconds until they come again. */
  givenBack(messages: readonly Message[]): number;
  /** Whether this process gave the message back: that it came often says nothing of it. */
  wasGivenBack(messageId: string): boolean;
  /** The right to fetch, or undefined where that has to wait; must be ended. */
  turn(): FetchTurn | undefined;
}

export interface Search {
  readonly since: number;
  end(): void;
}

export interface FetchTurn {
  /** Messages at most. */
  readonly max: number;
  /** `full` where as many came as were asked for: others may stand behind them. */
  end(full?: boolean): void;
}

interface Suspect {
  /** What it writes, as far as the failure does not name the table. */
  readonly places: readonly string[];
  readonly since: number;
  failedAt: number;
  cycles: number;
  charged: boolean;
  /** Milliseconds since the epoch from which on somebody is to be told of it. */
  tellAt: number;
}

interface Place {
  /** Messages that failed here alone, nothing having been written here since. */
  readonly failing: Set<string>;
  failedAt: number;
  writtenAt: number;
  /** `moment()` of the last success. */
  success: number;
  /** First charges since then. */
  charges: number;
}

export function newEvidence(options: {
  readonly write: WritePlan;
  readonly clock: Clock;
  readonly pauses: Pauses;
}): Evidence {
  const { write, clock, pauses } = options;
  const suspects = new Map<string, Suspect>();
  const places = new Map<string, Place>();
  const returned = new Set<string>();
  /** Those of them that were not written since the first doubt. */
  const waiting = new Set<string>();
  const pause: Pause = pauses.open();
  let moment = 0;
  let searches = 0;
  let doubted = 0;
  let doubtedSince = 0;
  let someWritten = false;
  let probing = false;
  let probes = 0;
  let nextProbe = 0;
  let nextAsk = 0;
  const since = { written: 0, returned: 0, again: 0 };

  const placeOf = (name: string): Place => {
    const known = places.get(name);
    if (known !== undefined) return known;
    const place: Place = { failing: new Set(), failedAt: 0, writtenAt: -Infinity, success: -1, charges: 0 };
    places.set(name, place);
    return place;
  };
  const isSick = (name: string): boolean => (places.get(name)?.failing.size ?? 0) >= SICK;

  const clear = (place: Place): void => {
    if (place.failing.size === 0) return;
    place.failing.clear();
    doubted -= 1;
    if (doubted === 0) {
      probes = 0;
      waiting.clear();
      pause.end();
    }
  };

  const doubt = (messageId: string, failure: Failure, names: readonly string[]): void => {
    if (doubted === 0) {
      doubtedSince = clock.now();
      someWritten = false;
    }
    for (const name of names) {
      const place = placeOf(name);
      if (place.failing.size === 0) doubted += 1;
      if (place.failing.size < REMEMBERED) place.failing.add(messageId);
      place.failedAt = clock.now();
    }
    pause.because(failure, false);
  };

  /** The places are not at fault for what the message does. */
  const relieve = (messageId: string, names: readonly string[]): void => {
    for (const place of names.map(placeOf)) {
      if (place.failing.size === 1 && place.failing.has(messageId)) clear(place);
      else place.failing.delete(messageId);
    }
  };

  const othersWrote = ({ places: names }: Suspect, after: number): boolean =>
    names.every((name) => placeOf(name).success > after);
  const othersFail = ({ places: names }: Suspect, messageId: string): boolean =>
    names.some((name) => {
      const { failing } = placeOf(name);
      return failing.size > (failing.has(messageId) ? 1 : 0);
    });
  const othersWroteJustNow = ({ places: names }: Suspect): boolean =>
    names.every((name) => clock.now() - placeOf(name).writtenAt <= RECENT);

  /** Whether a failure that came now is the message's own; notes it. */
  const isOwn = (suspect: Suspect, messageId: string): boolean => {
    if (othersWrote(suspect, suspect.failedAt)) suspect.cycles += 1;
    if (!othersWrote(suspect, suspect.since) || othersFail(suspect, messageId)) return false;
    if (suspect.charged) return true;
    if (!othersWroteJustNow(suspect) && suspect.cycles < CYCLES) return false;
    const at = suspect.places.map(placeOf);
    if (at.some(({ charges }) => charges >= CHARGES)) return false;
    for (const place of at) place.charges += 1;
    suspect.charged = true;
    return true;
  };

  return {
    search() {
      searches += 1;
      return { since: moment, end: () => void (searches -= 1) };
    },
    quiet: () => suspects.size === 0 && doubted === 0,
    suspected: ({ delivery }) => suspects.has(delivery.messageId),
    blocked: (message) => doubted > 0 && placesOf(message).some(isSick),
    mayAsk() {
      const now = clock.now();
      if (now < nextAsk) return false;
      nextAsk = now + ASK_EVERY;
      return true;
    },
    committed(messages) {
      if (messages.length === 0 || (suspects.size === 0 && doubted === 0 && searches === 0)) return;
      moment += 1;
      since.written += messages.length;
      someWritten = true;
      for (const message of messages) {
        suspects.delete(message.delivery.messageId);
        waiting.delete(message.delivery.messageId);
        for (const name of placesOf(message)) {
          const place = placeOf(name);
          clear(place);
          place.success = moment;
          place.writtenAt = clock.now();
          place.charges = 0;
        }
      }
    },
    failed(message, failure, after) {
      const { messageId } = message.delivery;
      const known = suspects.get(messageId);
      const names = placesOf(message, failedTable(write.plan, failure.sql));
      const suspect = known ?? {
        places: names,
        since: after,
        failedAt: after,
        cycles: 0,
        charged: false,
        tellAt: clock.now() + TOLD_AFTER,
      };
      // What the server lacks is nobody's own, also where others need less of it.
      const own = classify(failure) !== 'server' && isOwn(suspect, messageId);
      suspect.failedAt = moment;
      remember(suspects, messageId, suspect);
      if (own) relieve(messageId, suspect.places);
      else doubt(messageId, failure, suspect.places);
      return own;
    },
    isToBeTold({ delivery }) {
      const suspect = suspects.get(delivery.messageId);
      if (suspect === undefined || clock.now() < suspect.tellAt) return false;
      suspect.tellAt = clock.now() + TOLD_AGAIN;
      return true;
    },
    othersWritten({ delivery }) {
      const suspect = suspects.get(delivery.messageId);
      return suspect !== undefined && othersWrote(suspect, suspect.failedAt);
    },
    forget(messageId) {
      const suspect = suspects.get(messageId);
      if (suspect === undefined) return;
      suspects.delete(messageId);
      relieve(messageId, suspect.places);
    },
    givenBack(messages) {
      since.returned += messages.length;
      for (const { delivery } of messages) {
        if (returned.delete(delivery.messageId)) since.again += 1;
        returned.add(delivery.messageId);
        waiting.add(delivery.messageId);
      }
      dropOldest(returned);
      dropOldest(waiting);
      const lasted = doubted === 0 ? 0 : clock.now() - doubtedSince;
      const rate = someWritten ? COME_AGAIN_BETWEEN : COME_AGAIN;
      const spread = Math.min(COME_AGAIN_WITHIN, (waiting.size * 1_000) / rate);
      const delay = Math.max(spread, Math.min(GIVEN_BACK.to, Math.max(GIVEN_BACK.from, lasted / 2)));
      return delayAfter(1, { from: delay, to: delay });
    },
    wasGivenBack: (messageId) => returned.has(messageId),
    turn() {
      const now = clock.now();
      for (const place of places.values()) if (now - place.failedAt > EXPIRY) clear(place);
      if (doubted === 0 || !places.keys().some(isSick)) return { max: Infinity, end: () => {} };
      if (probing || now < nextProbe) return undefined;
      probing = true;
      since.written = 0;
      since.returned = 0;
      since.again = 0;
      return {
        max: PROBE,
        end(full = false) {
          probing = false;
          const all = since.written + since.returned;
          if (all === 0) return;
          // What is healthy may stand behind any number of messages that are not.
          const goesOn = since.written > 0 || full;
          probes = goesOn ? 0 : probes + 1;
          const idle = delayAfter(Math.max(1, probes), someWritten ? SOME_SICK : ALL_SICK);
          nextProbe = clock.now() + (goesOn ? (SHARED_WAIT * since.again) / all : idle);
        },
      };
    },
  };
}

/** Where a message writes, as `table:what`; at one table only where `only` is its index. */
function placesOf({ writes, entity }: Message, only = -1): readonly string[] {
  const names = new Set<string>();
  const add = (wanted: number): void => {
    for (const { table, rows, deletes = [], parents } of writes) {
      if (wanted >= 0 && table !== wanted) continue;
      if (rows.length > 0) names.add(`${table}:rows`);
      if (deletes.length > 0) names.add(`${table}:deletes`);
      if (parents.length > 0) names.add(`${table}:lists`);
    }
  };
  add(only);
  if (names.size === 0) add(-1);
  // A message that writes no row still writes its status.
  return names.size === 0 ? [entity.name] : [...names];
}

function dropOldest(ids: Set<string>): void {
  for (const oldest of ids) {
    if (ids.size <= REMEMBERED) return;
    ids.delete(oldest);
  }
}

function remember(suspects: Map<string, Suspect>, messageId: string, suspect: Suspect): void {
  suspects.delete(messageId);
  suspects.set(messageId, suspect);
  const [oldest] = suspects.keys();
  if (suspects.size > REMEMBERED && oldest !== undefined) suspects.delete(oldest);
}
