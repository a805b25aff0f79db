import type { Reason } from '../../http/health.ts';
import { answerWithin } from '../../ports/answer-within.ts';
import type { TablePlan } from '../../plan/plan.ts';
import type { Catalog } from '../../ports/catalog.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';

/** Milliseconds that a server has for its answer. */
const ANSWER_WITHIN = 2_000;
/** Milliseconds that who asks waits for it: a probe of Kubernetes waits for one second, and asks two questions in turn. */
const PATIENCE = 300;
/** Milliseconds for which the answer before stands in for one that has not come yet. */
const STANDS_FOR = 10_000;

/** Asks a server whether a role can work with it, and gives what is wrong. Never rejects. */
export type Question = () => Promise<Reason | undefined>;

/** Whether the queue answers. */
export function queueAway(queue: Pick<Queue, 'ping'>, clock: Clock): Question {
  return question('queue', () => queue.ping().then(() => undefined), clock);
}

/** Whether Postgres answers, and takes writes. */
export function storeRefuses(
  store: { readonly catalog: Pick<Catalog, 'takesWrites'> },
  clock: Clock,
): Question {
  const ask = () =>
    store.catalog.takesWrites().then((writable) => (writable ? undefined : 'Postgres is read-only'));
  return question('database', ask, clock);
}

/** Which rights on nomnom's own tables the user of an ingest role lacks now; where Postgres is away, nothing. */
export function storeForbidsIngest(
  { catalog }: { readonly catalog: Pick<Catalog, 'lackingPrivileges'> },
  keepsRefused: boolean,
  clock: Clock,
): Question {
  return lacks(() => catalog.lackingPrivileges('ingest', false, keepsRefused), clock);
}

/** Those that the user of a worker lacks, on nomnom's own tables and on these of the program. */
export function storeForbidsWorker(
  { catalog }: { readonly catalog: Pick<Catalog, 'lackingPrivileges' | 'lackingOn'> },
  tables: readonly TablePlan[],
  clock: Clock,
): Question {
  return lacks(
    async () => [...(await catalog.lackingPrivileges('worker', false)), ...(await catalog.lackingOn(tables))],
    clock,
  );
}

function lacks(find: () => Promise<readonly string[]>, clock: Clock): Question {
  const ask = async () => {
    const lacking = await find().catch(() => []);
    return lacking.length === 0 ? undefined : `the user of the database lacks ${lacking.join(', ')}`;
  };
  // A server that does not answer is told of by those who ask for it.
  return question('privileges', ask, clock, () => undefined);
}

/**
 * A server that is frozen or busy keeps nobody waiting: who asks then gets the answer before, until this one has come or has
 * been given up. All who ask at the same time share one question.
 */
export function question(
  check: string,
  ask: () => Promise<string | undefined>,
  clock: Clock,
  unanswered: (ms: number) => string | undefined = (ms) => `no answer within ${ms} ms`,
): Question {
  const reasonOf = (message: string | undefined): Reason | undefined =>
    message === undefined ? undefined : { check, message };
  let open: Promise<Reason | undefined> | undefined;
  let last: { readonly reason: Reason | undefined; readonly at: number } | undefined;
  const askNow = async (): Promise<Reason | undefined> => {
    const told = ask().catch((error: unknown) => (error instanceof Error ? error.message : 'failed'));
    const message = await answerWithin(clock, ANSWER_WITHIN, told, unanswered(ANSWER_WITHIN));
    const reason = reasonOf(message);
    last = { reason, at: clock.now() };
    open = undefined;
    return reason;
  };
  return async () => {
    open ??= askNow();
    const found = await answerWithin(clock, PATIENCE, open, 'late' as const);
    if (found !== 'late') return found;
    if (last !== undefined && clock.now() - last.at <= STANDS_FOR) return last.reason;
    return reasonOf(unanswered(PATIENCE));
  };
}
