import type { Plan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import type { Session, Store } from '../../ports/store.ts';
import { migrate } from '../ledger/migrate.ts';
import { readCatalog } from './catalog.ts';
import { compareTables } from './compare.ts';
import type { Repair } from './finding.ts';

/** Held until the transaction ends: of two `apply` at once, the second finds nothing to do. */
const LOCK_TABLES = `SELECT pg_advisory_xact_lock(7305804402566195)`;

/**
 * Makes the database agree with the plan where that loses nothing: nomnom's own tables and the pipeline's. Everything
 * of the pipeline happens in one transaction, or nothing. Gives a line for each thing it did; safe to repeat. What a
 * person has to mend stays, and `verify` names it.
 */
export async function applyTables(store: Store, plan: Plan): Promise<readonly string[]> {
  const migrated = await migrate(store);
  const repaired = await store.transaction(async (session) => {
    await session.query({ text: LOCK_TABLES });
    const { repairs } = compareTables(plan, await readCatalog(session, plan));
    for (const repair of repairs) await run(session, repair);
    return repairs.map(({ line }) => line);
  });
  return [...migrated, ...repaired];
}

/** A failure says which step failed: rows that break a new constraint are the usual reason. */
async function run(session: Session, { line, statements }: Repair): Promise<void> {
  try {
    for (const text of statements) await session.query({ text });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `${line}: ${error.message}`, {
      cause: error,
      ...(error.sql === undefined ? {} : { sql: error.sql }),
    });
  }
}
