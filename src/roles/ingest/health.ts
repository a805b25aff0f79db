import type { Plan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';

/** Why the role does not take messages now, or, for `lost`, what else is wrong with it. */
export interface Reason {
  readonly check: 'queue' | 'database' | 'verification' | 'stopping' | 'pressure' | 'worker' | 'lost';
  readonly message: string;
}

/** Milliseconds for each check. */
const ANSWER_WITHIN = 2_000;

/** Asks queue and database whether they answer, and the queue whether it takes messages; empty when both do. */
export async function serversDown(
  queue: Queue,
  plan: Plan,
  store: Store,
  clock: Clock,
): Promise<readonly Reason[]> {
  const reasons = await Promise.all([
    reasonOf(
      'queue',
      queue.ping().then(() => queue.obstacle(plan)),
      clock,
    ),
    reasonOf(
      'database',
      store.catalog.ping().then(() => undefined),
      clock,
    ),
  ]);
  return reasons.filter((reason) => reason !== undefined);
}

/** What lets messages in all the same: statuses and keys wait until Postgres takes writes again. */
export async function storeReadOnly(store: Store, clock: Clock): Promise<Reason | undefined> {
  const asked = store.catalog
    .isReadOnly()
    .then((readOnly) => (readOnly ? 'Postgres is read-only' : undefined));
  return reasonOf('database', asked, clock);
}

async function reasonOf(
  check: Reason['check'],
  answer: Promise<string | undefined>,
  clock: Clock,
): Promise<Reason | undefined> {
  const answered = new AbortController();
  const late = clock.sleep(ANSWER_WITHIN, answered.signal).then(() => `no answer within ${ANSWER_WITHIN} ms`);
  const found = answer.catch((error: unknown) => (error instanceof Error ? error.message : 'failed'));
  const message = await Promise.race([found, late]);
  answered.abort();
  return message === undefined ? undefined : { check, message };
}
