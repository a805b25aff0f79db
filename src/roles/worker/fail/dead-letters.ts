import { Failure } from '../../../ports/failure.ts';
import type { Outgoing, Publisher } from '../../../ports/queue.ts';
import { type PublishPlan, subjectOf } from '../../../plan/plan.ts';
import type { Failed } from '../message.ts';
import { bodyBytes } from './body-bytes.ts';
import type { UnpublishedDeadLetters } from './unpublished-dead-letters.ts';

export interface DeadLetterTarget {
  /** The role's, where it has one. */
  readonly deadLetter: PublishPlan | undefined;
  readonly publisher: Publisher;
  /** Dead letters that wait for room in their stream. */
  readonly unpublished: UnpublishedDeadLetters;
}

/**
 * Publishes dead letters to the role's `dead_letter` subject, where it has one; resolves once the queue has them, except
 * those that find no room, and those that with their headers are larger than the queue takes. The first are left to be published later, and both
 * may be recorded now: the stream may be one that only this worker empties. Rejects with a `Failure` of the queue; doing it again is harmless, since the queue knows the ids.
 */
export async function publishDead(
  { deadLetter, publisher, unpublished }: DeadLetterTarget,
  dead: readonly Failed[],
): Promise<void> {
  if (deadLetter === undefined || dead.length === 0) return;
  const letters = dead.map(({ delivery, error }): Outgoing => {
    const { messageId, entity, generation, body, headers, receivedAt, program, trace } = delivery;
    const replay = generation === 0 ? '' : `#r${generation}`;
    return {
      stream: deadLetter.stream,
      subject: subjectOf(deadLetter.template, entity),
      entity,
      messageId,
      dedupeId: `${messageId}${replay}#dead`,
      generation,
      body: bodyBytes(body),
      headers: { ...headers, 'nomnom-error-code': error.code },
      receivedAt,
      program,
      trace,
    };
  });
  const outcomes = await publisher.publish(letters);
  for (const outcome of outcomes) {
    switch (outcome.kind) {
      case 'stored':
      case 'full':
      case 'too_large':
        break;
      case 'unavailable':
        throw new Failure('QUEUE_UNAVAILABLE', outcome.reason);
      case 'misconfigured':
        throw new Failure('QUEUE_MISCONFIGURED', outcome.reason);
    }
  }
  unpublished.add(letters.filter((_, at) => outcomes[at]?.kind === 'full'));
  unpublished.giveUp(letters.filter((_, at) => outcomes[at]?.kind === 'too_large'));
}
