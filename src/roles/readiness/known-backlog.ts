import type { Plan } from '../../plan/plan.ts';
import { answerWithin } from '../../ports/answer-within.ts';
import type { Backlog } from '../../ports/backlog.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Queue } from '../../ports/queue.ts';

/** Milliseconds for which an answer serves all who ask. */
const SERVES = 5_000;
/** Milliseconds after which nobody waits for the queue any more. */
const ANSWER_WITHIN = 2_000;

/**
 * What waits in the streams of the plan, asked of the queue at most every five seconds, however many scrape. Undefined where
 * the queue cannot tell now. Rejects with a bug only.
 */
export function knownBacklog(
  queue: Queue,
  plan: Plan,
  clock: Clock,
): () => Promise<readonly Backlog[] | undefined> {
  let askedAt = -Infinity;
  let answer: Promise<readonly Backlog[] | undefined> = Promise.resolve(undefined);
  return async () => {
    if (clock.now() - askedAt >= SERVES) {
      askedAt = clock.now();
      answer = queue.backlog(plan).catch((error: unknown) => {
        if (error instanceof Failure) return undefined;
        throw error;
      });
    }
    return answerWithin(clock, ANSWER_WITHIN, answer, undefined);
  };
}
