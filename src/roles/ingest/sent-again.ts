import { answerWithin } from '../../ports/answer-within.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import type { Outgoing, PublishOutcome } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';

/** Milliseconds that a request waits for Postgres; accepting must not need it. */
const ANSWER_WITHIN = 1_000;

/** Messages whose Idempotency-Key was used before, for the same body. */
export interface SentAgain {
  /**
   * As they are to be published: one that is lost gets the next generation, as a replay does, since the queue may still
   * take its old id for a duplicate, and the ledger an old generation for settled.
   */
  raised(messages: readonly Outgoing[]): Promise<readonly Outgoing[]>;
  /** Notes those that the queue has now and did not have before: they are `accepted`. */
  reopen(messages: readonly Outgoing[], outcomes: readonly (PublishOutcome | undefined)[]): Promise<void>;
}

export function sentAgain(pipeline: string, store: Store, clock: Clock, log: Log): SentAgain {
  /** Undefined where Postgres does not answer. */
  const inTime = async <T>(work: Promise<T>): Promise<T | undefined> => {
    const found = work.catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      log.debug({ code: error.code }, 'lost messages are not looked up');
      return undefined;
    });
    return answerWithin(clock, ANSWER_WITHIN, found, undefined);
  };

  return {
    async raised(messages) {
      const ids = messages.map(({ messageId }) => messageId);
      const lost = await inTime(store.ledger.lost.read(ids));
      if (lost === undefined || lost.size === 0) return messages;
      return messages.map((message) => {
        const before = lost.get(message.messageId);
        if (before === undefined) return message;
        const generation = before + 1;
        return { ...message, generation, dedupeId: `${message.messageId}#r${generation}` };
      });
    },
    async reopen(messages, outcomes) {
      const stored = messages.filter(({ generation }, at) => {
        const outcome = outcomes[at];
        return outcome?.kind === 'stored' && (generation > 0 || !outcome.duplicate);
      });
      if (stored.length === 0) return;
      await inTime(
        store.ledger.lost.reopen(
          stored.map(({ messageId, entity, generation, receivedAt }) => ({
            messageId,
            pipeline,
            entity,
            generation,
            receivedAt,
          })),
        ),
      );
    },
  };
}
