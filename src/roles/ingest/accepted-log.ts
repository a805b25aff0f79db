import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import type { Outgoing } from '../../ports/queue.ts';
import { type Backoff, retryUntilDone } from '../../ports/retry.ts';
import type { Store } from '../../ports/store.ts';
import type { LedgerEntry } from '../../ports/ledger-entries.ts';

/** Rows of one statement. */
const ROWS = 1000;
/** Milliseconds to gather rows before fewer are written. */
const LINGER = 100;
/** Between attempts while Postgres is away. */
const BACKOFF: Backoff = { from: 500, to: 10_000 };
/** Entries held while Postgres is away, about 30 MB; later ones go unrecorded until the worker writes their status. */
const CAPACITY = 100_000;

/**
 * Writes `accepted` statuses in the background. An accept never waits for it and never fails with it: the queue has
 * the message, and the worker writes the status of what it works on whether or not it finds a row.
 */
export interface AcceptedLog {
  add(message: Outgoing): void;
  /** An entry that is not written yet, so that a status asked for at once is known. */
  waiting(messageId: string): LedgerEntry | undefined;
  /** Writes what is left, for at most `deadline` ms; gives how many entries it had to leave. */
  stop(deadline: number): Promise<number>;
}

export function startAcceptedLog(pipeline: string, store: Store, clock: Clock, log: Log): AcceptedLog {
  const entries = new Map<string, LedgerEntry>();
  const stopping = new AbortController();
  const givingUp = new AbortController();
  let running: Promise<void> | undefined;
  let dropped = 0;

  const { signal } = givingUp;

  const writeSome = async (): Promise<'done' | 'again'> => {
    const group = firstOf(entries, ROWS);
    try {
      await store.ledger.recordAccepted(group);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      log.warn({ code: error.code, waiting: entries.size }, 'accepted statuses wait for Postgres');
      return 'again';
    }
    for (const { messageId } of group) entries.delete(messageId);
    if (dropped > 0) log.warn({ dropped }, 'accepted statuses were not recorded');
    dropped = 0;
    return 'done';
  };

  const writeAll = async () => {
    while (entries.size > 0 && !signal.aborted) {
      if (entries.size < ROWS) await clock.sleep(LINGER, stopping.signal);
      await retryUntilDone(writeSome, { clock, backoff: BACKOFF, signal });
    }
  };

  const start = () => {
    running ??= writeAll().finally(() => {
      running = undefined;
      // What came after the loop's last look.
      if (entries.size > 0 && !signal.aborted) start();
    });
  };

  return {
    add({ messageId, entity, generation, receivedAt }) {
      if (entries.has(messageId)) return;
      if (entries.size >= CAPACITY) {
        dropped += 1;
        return;
      }
      entries.set(messageId, { messageId, pipeline, entity, generation, receivedAt });
      start();
    },
    waiting: (messageId) => entries.get(messageId),
    async stop(deadline) {
      stopping.abort();
      const timer = new AbortController();
      const late = clock.sleep(deadline, timer.signal).then(() => givingUp.abort());
      if (running !== undefined) await Promise.race([running, late]);
      givingUp.abort();
      timer.abort();
      return entries.size;
    },
  };
}

function firstOf(entries: ReadonlyMap<string, LedgerEntry>, count: number): LedgerEntry[] {
  const group: LedgerEntry[] = [];
  for (const entry of entries.values()) {
    group.push(entry);
    if (group.length === count) break;
  }
  return group;
}
