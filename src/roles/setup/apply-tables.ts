import type { Plan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import type { Session, Store } from '../../ports/store.ts';
import { programOf } from '../presence/program-of.ts';
import { readCatalog } from './catalog.ts';
import { compareTables } from './compare.ts';
import type { Repair } from './finding.ts';
import { refuseRepairs } from './while-running.ts';

/** Held until the transaction ends: of two `apply` at once, the second finds nothing to do. */
const LOCK_TABLES = `SELECT pg_advisory_xact_lock(7305804402566195)`;

export interface ApplyOptions {
  /** Whether to make also those changes that refuse what running processes of another program write. */
  readonly whileRunning?: boolean;
}

/**
 * Makes the database agree with the plan where that loses nothing: nomnom's own tables and the pipeline's. Everything
 * of the pipeline happens in one transaction, or nothing. Gives a line for each thing it did; safe to repeat. What a
 * person has to fix stays, and `verify` names it. The plan's program is the active one then.
 * Rejects with a `Failure` of `STILL_RUNNING`, and changes no table, where processes of another program would break.
 */
export async function applyTables(
  store: Store,
  plan: Plan,
  { whileRunning = false }: ApplyOptions = {},
): Promise<readonly string[]> {
  const migrated = await store.transaction(({ ledger }) => ledger.migrate());
  const repaired = await store.transaction(async (session) => {
    await session.query({ text: LOCK_TABLES });
    const { repairs } = compareTables(plan, await readCatalog(session, plan));
    if (!whileRunning) await refuseRepairs(session, plan, repairs);
    const done: string[] = [];
    for (const repair of repairs) if (await run(session, repair)) done.push(repair.line);
    await session.ledger.programs.activate(programOf(plan));
    return done;
  });
  return [...migrated, ...repaired];
}

const NOTE_PLACE = { text: 'SAVEPOINT optional_repair' };
const BACK_TO_PLACE = { text: 'ROLLBACK TO SAVEPOINT optional_repair' };

/**
 * Whether the repair was made; an optional one is not where rows are in its way. A failure says which step failed: rows
 * that break a new constraint are the usual reason.
 */
async function run(session: Session, { line, statements, optional }: Repair): Promise<boolean> {
  try {
    if (optional === true) await session.query(NOTE_PLACE);
    for (const text of statements) await session.query({ text });
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (optional === true && error.code === 'STORE_REFUSED') {
      await session.query(BACK_TO_PLACE);
      return false;
    }
    throw new Failure(error.code, `${line}: ${error.message}`, {
      cause: error,
      ...(error.sql === undefined ? {} : { sql: error.sql }),
    });
  }
}
