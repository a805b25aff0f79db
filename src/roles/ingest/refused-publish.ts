import type { PublishOutcome } from '../../ports/queue.ts';
import { problem, type Problem } from '../../http/problem.ts';

/** A message that was not accepted, as its outcome says. */
export type FailedOutcome = Exclude<PublishOutcome, { kind: 'stored' }>;

/** The answer to a single message that the queue did not take. `reason`s are the queue's own, never a body. */
export function publishProblem(outcome: FailedOutcome, messageId: string): Problem {
  switch (outcome.kind) {
    case 'full':
      return problem('queue_full', `the queue is full, the message is not stored: ${outcome.reason}`);
    case 'too_large':
      return problem(
        'too_large',
        `the queue takes no message of this size, it is not stored: ${outcome.reason}`,
      );
    case 'misconfigured':
      return problem(
        'queue_misconfigured',
        `the queue does not take the message, it is not stored: ${outcome.reason}`,
      );
    case 'unavailable':
      return problem(
        'queue_unavailable',
        `the queue did not answer, the message may or may not be stored: ${outcome.reason}; ` +
          'a repeat with the same Idempotency-Key is safe',
        { message_id: messageId },
      );
  }
}
