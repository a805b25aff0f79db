import type { Reason } from '../../http/health.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';

/** Milliseconds for each question. */
const ANSWER_WITHIN = 2_000;

/** Whether the queue answers. */
export async function queueAway(queue: Queue, clock: Clock): Promise<Reason | undefined> {
  return reasonOf(
    'queue',
    queue.ping().then(() => undefined),
    clock,
  );
}

/** Whether the queue answers, and would take what the roles of the plan publish. */
export async function queueRefuses(queue: Queue, plan: Plan, clock: Clock): Promise<Reason | undefined> {
  return reasonOf(
    'queue',
    queue.ping().then(() => queue.obstacle(plan)),
    clock,
  );
}

/** Whether Postgres answers, and takes writes. */
export async function storeRefuses(store: Store, clock: Clock): Promise<Reason | undefined> {
  const asked = store.catalog
    .takesWrites()
    .then((writable) => (writable ? undefined : 'Postgres is read-only'));
  return reasonOf('database', asked, clock);
}

async function reasonOf(
  check: string,
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
