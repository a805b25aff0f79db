import type { Reason } from '../../http/health.ts';
import { answerWithin } from '../../ports/answer-within.ts';
import type { EntityPlan, TablePlan } from '../../plan/plan.ts';
import type { Catalog } from '../../ports/catalog.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';

/** Milliseconds that a server has for its answer. */
const ANSWER_WITHIN = 2_000;
/** Milliseconds that who asks waits for it: a probe of Kubernetes waits for one second, and asks two questions in turn. */
const PATIENCE = 300;
/** Milliseconds for who asks on behalf of nobody: by then the answer has come, or has been given up. */
export const ALL_PATIENCE = ANSWER_WITHIN + 100;
/** Milliseconds for which the answer before stands in for one that has not come yet. */
const STANDS_FOR = 10_000;

/**
 * Asks a server whether a role can work with it, and gives what is wrong. `patience` is in milliseconds; without it, who asks waits as
 * long as a probe may. Never rejects.
 */
export type Question = (patience?: number) => Promise<Reason | undefined>;

/** Whether Postgres answers, and takes writes. */
export function storeRefuses(
  store: { readonly catalog: Pick<Catalog, 'takesWrites'> },
  clock: Clock,
): Question {
  const ask = () =>
    store.catalog.takesWrites().then((writable) => (writable ? undefined : 'Postgres is read-only'));
  return question('database', ask, clock);
}

/**
 * Which rights on nomnom's own tables the user of an ingest role lacks now, those on the queue's too where it is in Postgres; where
 * Postgres is away, nothing.
 */
export function storeForbidsIngest(
  { catalog }: { readonly catalog: Pick<Catalog, 'lackingPrivileges'> },
  terms: { readonly queueHere: boolean; readonly keepsRefused: boolean },
  clock: Clock,
): Question {
  return lacks(() => catalog.lackingPrivileges('ingest', terms.queueHere, terms.keepsRefused), clock);
}

/** Those that the user of a worker lacks, on nomnom's own tables and on those of the program. */
export function storeForbidsWorker(
  { catalog }: { readonly catalog: Pick<Catalog, 'lackingPrivileges' | 'lackingOn'> },
  tables: readonly TablePlan[],
  queueHere: boolean,
  clock: Clock,
): Question {
  return lacks(
    async () => [
      ...(await catalog.lackingPrivileges('worker', queueHere)),
      ...(await catalog.lackingOn(tables)).flat(),
    ],
    clock,
  );
}

/**
 * Those of them without which a worker can work no message, also while none comes: it could settle none, or there is no entity all of
 * whose tables it may write. `entities` are those that it consumes.
 */
export function storeForbidsAllWork(
  { catalog }: { readonly catalog: Pick<Catalog, 'lackingToWork' | 'lackingOn'> },
  tables: readonly TablePlan[],
  entities: readonly Pick<EntityPlan, 'tables'>[],
  queueHere: boolean,
  clock: Clock,
): Question {
  return lacks(async () => {
    const ofAll = await catalog.lackingToWork(queueHere);
    if (ofAll.length > 0) return ofAll;
    const lacking = await catalog.lackingOn(tables, { certain: true });
    const mayWork = (entity: Pick<EntityPlan, 'tables'>) =>
      entity.tables.every((index) => (lacking[index] ?? []).length === 0);
    return entities.some(mayWork) ? [] : lacking.flat();
  }, clock);
}

function lacks(find: () => Promise<readonly string[]>, clock: Clock): Question {
  const ask = async () => {
    const lacking = await find().catch((error: unknown) => {
      // A schema that this user may not use hides all of its tables.
      if (error instanceof Failure && error.forbidden) throw error;
      return [];
    });
    return lacking.length === 0
      ? undefined
      : `the user of the database lacks ${[...new Set(lacking)].join(', ')}`;
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
  return async (patience = PATIENCE) => {
    open ??= askNow();
    const found = await answerWithin(clock, patience, open, 'late' as const);
    if (found !== 'late') return found;
    if (last !== undefined && clock.now() - last.at <= STANDS_FOR) return last.reason;
    return reasonOf(unanswered(patience));
  };
}
