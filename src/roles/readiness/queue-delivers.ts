import type { Plan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Queue } from '../../ports/queue.ts';
import { type Question, question } from './ask-servers.ts';

/** Milliseconds for which nobody asks again for rights that were there. What is missing must be known within 10 s. */
const RIGHTS_FOR = 5_000;

/** Whether the queue gives its messages to a worker, and takes acknowledgements. */
export interface QueueDelivers {
  /** Why it would not now. */
  readonly refuses: Question;
  /** What it does not let this user do, although messages may well be worked. */
  readonly worries: Question;
}

/** A worker that has nothing to do would not hear that it may not acknowledge any more, so its rights are asked for from time to time. */
export function queueDelivers(
  queue: Pick<Queue, 'ping' | 'lackingRights'>,
  plan: Plan,
  clock: Clock,
): QueueDelivers {
  const lacking = {
    consume: whileNone(clock, () => queue.lackingRights(plan, 'consume')),
    worker: whileNone(clock, () => queue.lackingRights(plan, 'worker')),
  };
  let unasked: string | undefined;
  const ping = async (): Promise<void> => {
    unasked = undefined;
    try {
      await queue.ping();
    } catch (error) {
      if (!(error instanceof Failure) || !error.forbidden) throw error;
      unasked = error.message;
    }
  };
  const told = (lacks: readonly string[]): string | undefined =>
    lacks.length === 0 ? undefined : lacks.join(', ');
  return {
    refuses: question(
      'queue',
      async () => {
        await ping();
        return told(await lacking.consume());
      },
      clock,
    ),
    worries: question(
      'queue',
      async () => {
        // Where it does not answer, the other question tells.
        const lacks = await lacking.worker().catch(() => []);
        return told(unasked === undefined ? lacks : [unasked, ...lacks]);
      },
      clock,
      () => undefined,
    ),
  };
}

/** Asks again soon while something is missing, so that a role is well again soon after it was granted. */
function whileNone(clock: Clock, ask: () => Promise<readonly string[]>): () => Promise<readonly string[]> {
  let noneAt = -Infinity;
  return async () => {
    if (clock.now() - noneAt < RIGHTS_FOR) return [];
    const found = await ask();
    if (found.length === 0) noneAt = clock.now();
    return found;
  };
}
