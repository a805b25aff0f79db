import type { Plan } from '../../plan/plan.ts';
import { tablesOf } from '../../plan/tables-of.ts';
import { Failure } from '../../ports/failure.ts';
import type { Difference, Queue } from '../../ports/queue.ts';
import type { PendingMigration } from '../../ports/ledger.ts';
import type { Session, Store } from '../../ports/store.ts';
import { programOf } from '../presence/program-of.ts';
import { compareTables } from './compare.ts';
import type { Repair } from './finding.ts';
import { refuseRepairs } from './while-running.ts';

export interface ApplyOptions {
  /** Whether to make also those changes that refuse what running processes of another program write. */
  readonly whileRunning?: boolean;
}

/**
 * Makes the database agree with the plan where that loses nothing: nomnom's own tables and the pipeline's. Everything
 * of the pipeline happens in one transaction, or nothing. Where others hold a lock on a table it waits without stopping its
 * writers. Gives a line for each thing it did; safe to repeat. What a
 * person has to fix stays, and `verify` names it. The plan's program is the active one then.
 * Rejects with a `Failure` of `STILL_RUNNING`, and changes no table, where processes of another program would break.
 */
export async function applyTables(
  store: Store,
  plan: Plan,
  { whileRunning = false }: ApplyOptions = {},
): Promise<readonly string[]> {
  const migrated = await store.transactionGivingWay(({ ledger }) => ledger.migrate());
  const repaired = await store.transactionGivingWay(async (session) => {
    // Of two `apply` at once, the second finds nothing to do.
    await session.catalog.lockTables();
    const { repairs } = compareTables(plan, await session.catalog.readTables(tablesOf(plan)));
    if (!whileRunning) await refuseRepairs(session, plan, repairs);
    await session.catalog.lockForChanges(repairs.flatMap(({ changes }) => changes));
    const done: string[] = [];
    for (const repair of repairs) if (await run(session, repair)) done.push(repair.line);
    await session.ledger.programs.activate(programOf(plan));
    return done;
  });
  return [...migrated, ...repaired];
}

/** What `apply` would do now. */
export interface PlannedChanges {
  readonly migrations: readonly PendingMigration[];
  readonly repairs: readonly Repair[];
  /** Of the queue, which no statement shows. */
  readonly queue: readonly Difference[];
}

export async function plannedChanges(
  { ledger, catalog }: Session,
  queue: Queue,
  plan: Plan,
): Promise<PlannedChanges> {
  const { repairs } = compareTables(plan, await catalog.readTables(tablesOf(plan)));
  const ofQueue = (await queue.differences(plan)).filter(({ fixable }) => fixable);
  return { migrations: await ledger.pendingMigrations(), repairs, queue: ofQueue };
}

/**
 * Whether the repair was made; an optional one is not where rows are in its way. A failure says which step failed: rows
 * that break a new constraint are the usual reason.
 */
async function run({ catalog }: Session, { line, changes, optional }: Repair): Promise<boolean> {
  try {
    if (optional === true) return await catalog.tryChanges(changes);
    for (const change of changes) await catalog.change(change);
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `${line}: ${error.message}`, {
      cause: error,
      ...(error.sql === undefined ? {} : { sql: error.sql }),
    });
  }
}
