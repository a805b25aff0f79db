import type { Reason } from '../../http/health.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Publisher, Queue } from '../../ports/queue.ts';
import { type Question, question } from './ask-servers.ts';

/**
 * Milliseconds for which a full disk counts after the last message that it refused. Only another message can say that there is
 * room again, so one is let in from time to time.
 */
const NO_ROOM_FOR = 10_000;

/** Milliseconds for which nobody asks again for a right that was there. What is missing must be known within 10 s. */
const RIGHT_FOR = 5_000;

/** Whether the queue takes what the roles of a plan publish. */
export interface QueueTakes {
  /** Why it would take nothing now. */
  readonly refuses: Question;
  /** What could not be asked, although messages may well be taken. */
  worry(): Reason | undefined;
  /** The queue's publisher, which tells it of messages that the queue refused for what it is. */
  readonly publisher: Publisher;
}

/**
 * The streams are looked at each time. The right to publish is asked for at first, and after a message that was refused, until the
 * answer is that nothing is missing: then the role is ready again although nobody sends any more. While no message proves it, it is
 * asked for from time to time.
 */
export function queueTakes(
  queue: Pick<Queue, 'ping' | 'obstacle' | 'lackingRights' | 'publisher'>,
  plan: Plan,
  clock: Clock,
): QueueTakes {
  const publisher = queue.publisher();
  let doubted = true;
  /** Whether a message has been stored since it was asked for. */
  let proven = false;
  let askedAt = -Infinity;
  let unasked: string | undefined;
  let noRoom: { readonly at: number; readonly reason: string } | undefined;
  /** What the answer says; undefined also where this user may not ask. */
  const asked = async (question: () => Promise<string | undefined>): Promise<string | undefined> => {
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof Failure) || !error.forbidden) throw error;
      unasked = error.message;
      return undefined;
    }
  };
  const ask = async (): Promise<string | undefined> => {
    unasked = undefined;
    await asked(() => queue.ping().then(() => undefined));
    const tooLow = publisher.tooLow?.();
    if (tooLow !== undefined) {
      publisher.lookAtLimit?.();
      return tooLow;
    }
    const obstacle = await asked(() => queue.obstacle(plan));
    if (obstacle !== undefined) return obstacle;
    if (noRoom !== undefined && clock.now() - noRoom.at < NO_ROOM_FOR) return noRoom.reason;
    const known = proven || clock.now() - askedAt < RIGHT_FOR;
    if (!doubted && unasked === undefined && known) {
      if (proven) askedAt = clock.now();
      proven = false;
      return undefined;
    }
    // A message that is refused from now on is asked about the next time.
    doubted = false;
    askedAt = clock.now();
    const lacking = await queue.lackingRights(plan, 'publish').catch((error: unknown) => {
      doubted = true;
      throw error;
    });
    if (lacking.length === 0) return undefined;
    doubted = true;
    return `messages are refused: ${lacking.join(', ')}`;
  };
  return {
    refuses: question('queue', ask, clock),
    worry: () => (unasked === undefined ? undefined : { check: 'queue', message: unasked }),
    publisher: {
      async publish(messages) {
        const outcomes = await publisher.publish(messages);
        if (outcomes.some(({ kind }) => kind === 'misconfigured')) doubted = true;
        const full = outcomes.find((outcome) => outcome.kind === 'full' && outcome.disk);
        if (full?.kind === 'full')
          noRoom = { at: clock.now(), reason: `messages are refused: ${full.reason}` };
        else if (outcomes.some(({ kind }) => kind === 'stored')) {
          noRoom = undefined;
          proven = true;
        }
        return outcomes;
      },
      get maxBody() {
        return publisher.maxBody;
      },
      lookAtLimit: () => publisher.lookAtLimit?.(),
      tooLow: () => publisher.tooLow?.(),
    },
  };
}
