import { until } from '../support/until.ts';
import type { FaultCounts } from './disturb.ts';
import { readSettled } from './live.ts';
import type { LostWatch } from './lost.ts';
import type { Queued } from './queued.ts';
import type { Sending } from './sender.ts';

export interface RestTimes {
  /** When the last fault was over, in milliseconds since the epoch. */
  readonly calm: number;
  /** Messages that the senders still had then. */
  readonly left: number;
  /** From the last fault until everything had been accepted. */
  readonly accepting: number;
  /** From the last fault until every message that waits for nothing had its final status. */
  readonly recovery: number;
  /** From the last fault until the entries without an account had spent their attempts too. */
  readonly rest: number;
}

/** Milliseconds that the retries of an entry take at most, and some for a loaded machine. */
const RETRIES = 45_000;
/** Milliseconds until all that was acknowledged in vain has been delivered and acknowledged once more. */
const EMPTY = 30_000;
/** Milliseconds until the keys that were used for another body are used once more. */
const REUSED = 60_000;
/** Milliseconds until a message that disappeared from the queue is known to be lost, on top of its recovery. */
const LOST_WITHIN = 90_000;
/**
 * Messages a second in which two cores that do nothing else work off what the senders could not send. They run clients, proxies and
 * servers too.
 */
const WORKED_OFF = 300;
const LOOK_EVERY = 100;

/** Waits until every message has its final status; `wrong` gets a line for each thing that takes longer than it may. */
export async function waitForRest(
  databaseUrl: string,
  {
    sending,
    lost,
    faults,
  }: { readonly sending: Sending; readonly lost: LostWatch; readonly faults: FaultCounts },
  seconds: number,
  wrong: string[],
): Promise<RestTimes> {
  const calm = Date.now();
  const over = performance.now();
  const since = (): number => (performance.now() - over) / 1000;
  const left = sending.left();
  const { accepted } = sending;
  const purged = faults.has('stream purged');
  if (purged) lost.sendUnknown();
  const within = (seconds + left / WORKED_OFF) * 1000 + (purged ? LOST_WITHIN : 0);
  const limits = { within, every: LOOK_EVERY };

  await attempt(wrong, () => inTime('every message to be accepted', sending.done, within));
  const accepting = since();
  const withoutEntries = [...accepted.values()].filter(({ content }) => content.entity !== 'Entry').length;
  // What was lost and what the second program refuses stays lost.
  const unsendable = (): number => sending.facts.outdated.lost.size;
  const isFinal = async (): Promise<boolean> =>
    (await readSettled(databaseUrl)).withoutEntries >= withoutEntries - unsendable();
  await attempt(wrong, () => until('the status of every message to be final', isFinal, limits));
  const recovery = since();
  if (recovery * 1000 > within) wrong.push(`recovery took ${recovery.toFixed(1)} s`);
  const isOver = async (): Promise<boolean> =>
    (await readSettled(databaseUrl)).all >= accepted.size - unsendable();
  // An entry that was lost is known late, and spends its attempts after that.
  const retries = RETRIES + Math.max(0, within - since() * 1000);
  await attempt(wrong, () => until('every retry to be over', isOver, { within: retries, every: LOOK_EVERY }));
  return { calm, left, accepting, recovery, rest: since() };
}

/** Uses the keys of claims for another body once more; `wrong` says where that takes too long. */
export function reuseKeys(sending: Sending, wrong: string[]): Promise<void> {
  return attempt(wrong, () => inTime('every key to be used once more', sending.reuse(), REUSED));
}

/** What the queue holds once it had the time to become empty: what was acknowledged in vain comes once more. */
export async function leftIn(look: () => Promise<Queued>): Promise<Queued> {
  const isEmpty = async (): Promise<boolean> => (await look()).messages === 0;
  await until('the queue to be empty', isEmpty, { within: EMPTY, every: LOOK_EVERY }).catch(() => {});
  return look();
}

export async function attempt(wrong: string[], work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
  }
}

async function inTime(what: string, work: Promise<void>, within: number): Promise<void> {
  let over = false;
  void work.then(() => (over = true));
  await until(what, () => over, { within, every: LOOK_EVERY });
}
