import { answerWithin } from '../../ports/answer-within.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { DeadEntry, MessageState } from '../../ports/ledger-entries.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

/** Bytes of bodies in one statement. */
const BYTES = 8_000_000;
/** Messages of one statement. */
const MESSAGES = 500;
/** Milliseconds that a request waits for Postgres. */
const ANSWER_WITHIN = 5_000;

/**
 * Refused messages that are kept as dead letters. Those that come while a statement runs share the next one, so that a
 * sender of many refused messages takes one connection.
 */
export interface KeptRefusals {
  /**
   * The status of the message once it is committed; undefined where Postgres does not take it now. One that came before
   * under its key (`repeated`) keeps the status that it has.
   */
  keep(entry: DeadEntry, repeated: boolean): Promise<MessageState | undefined>;
}

export interface KeptRefusalsOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Hears of each new dead letter. */
  readonly telemetry: Telemetry;
  readonly log: Log;
}

interface Waiting {
  readonly entry: DeadEntry;
  readonly repeated: boolean;
  readonly answer: (status: MessageState | undefined) => void;
}

export function keptRefusals({ store, clock, telemetry, log }: KeptRefusalsOptions): KeptRefusals {
  const waiting: Waiting[] = [];
  let running = false;

  const record = async (group: readonly Waiting[]): Promise<void> => {
    const { states, recorded } = await statesAfter(store, group);
    for (const { entry, answer } of group) {
      const { messageId, error } = entry;
      if (recorded.delete(messageId)) telemetry.record({ kind: 'dead-lettered', message: entry, error });
      answer(states.get(messageId));
    }
  };

  const recordGroup = async (group: readonly Waiting[]): Promise<void> => {
    try {
      await record(group);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // One message that Postgres refuses must not cost the others theirs.
      if (error.code === 'STORE_REFUSED' && group.length > 1) {
        for (const each of group) await recordGroup([each]);
        return;
      }
      const { code, message: reason, forbidden } = error;
      log.warn(
        { code, reason, messages: group.length },
        `refused messages cannot be kept${forbidden ? ': this user needs SELECT and INSERT on dead_letters' : ''}`,
      );
      for (const { answer } of group) answer(undefined);
    }
  };

  const run = async () => {
    running = true;
    try {
      while (waiting.length > 0) await recordGroup(waiting.splice(0, countOf(waiting)));
    } finally {
      running = false;
    }
  };

  return {
    async keep(entry, repeated) {
      const recorded = new Promise<MessageState | undefined>((answer) => {
        waiting.push({ entry, repeated, answer });
        // Requests of one turn of the event loop share a statement.
        if (!running) setImmediate(() => void (running || run()));
      });
      return answerWithin(clock, ANSWER_WITHIN, recorded, undefined);
    },
  };
}

/** How many of the first fit into a statement. */
function countOf(waiting: readonly Waiting[]): number {
  let bytes = 0;
  const end = waiting.findIndex(({ entry }, at) => {
    bytes += entry.body.length;
    return at > 0 && (bytes > BYTES || at === MESSAGES);
  });
  return end < 0 ? waiting.length : end;
}

/** The status of each message once dead letters are recorded, and which of them were not there before. */
interface States {
  readonly states: ReadonlyMap<string, MessageState>;
  readonly recorded: Set<string>;
}

/**
 * Records dead letters. A message that came before keeps its outcome: it may be in the queue, as an earlier program took it,
 * or a dead letter already, or replayed since.
 */
async function statesAfter(store: Store, group: readonly Waiting[]): Promise<States> {
  const states = new Map<string, MessageState>();
  const readKnown = async (messageId: string): Promise<void> => {
    const known = await store.ledger.readStatus(messageId);
    if (known !== undefined) states.set(messageId, known.status);
  };
  for (const { entry, repeated } of group) if (repeated) await readKnown(entry.messageId);
  const fresh = group.map(({ entry }) => entry).filter(({ messageId }) => !states.has(messageId));
  const recorded = new Set(await store.transaction(({ ledger }) => ledger.recordDeadLetters(fresh)));
  for (const id of recorded) states.set(id, 'dlq');
  for (const { messageId } of fresh) if (!states.has(messageId)) await readKnown(messageId);
  return { states, recorded };
}
