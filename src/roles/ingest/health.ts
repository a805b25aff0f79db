import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';

/** Why the role does not take messages now. */
export interface Reason {
  readonly check: 'queue' | 'database' | 'verification' | 'stopping' | 'pressure' | 'worker';
  readonly message: string;
}

/** Milliseconds for each check. */
const ANSWER_WITHIN = 2_000;

/** Asks queue and database whether they answer; empty when both do. */
export async function serversDown(queue: Queue, store: Store, clock: Clock): Promise<readonly Reason[]> {
  const reasons = await Promise.all([
    reasonOf('queue', queue.ping(), clock),
    reasonOf('database', store.query({ text: 'SELECT 1' }), clock),
  ]);
  return reasons.filter((reason) => reason !== undefined);
}

async function reasonOf(
  check: Reason['check'],
  answer: Promise<unknown>,
  clock: Clock,
): Promise<Reason | undefined> {
  const answered = new AbortController();
  const late = clock.sleep(ANSWER_WITHIN, answered.signal).then(() => `no answer within ${ANSWER_WITHIN} ms`);
  const failed = answer.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : 'failed'),
  );
  const message = await Promise.race([failed, late]);
  answered.abort();
  return message === undefined ? undefined : { check, message };
}
