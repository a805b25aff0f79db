import type { QueryResult as PgResult } from 'pg';
import { Failure } from '../../ports/failure.ts';
import type { SqlSession } from '../../sql/postgres/session.ts';
import { ask, type Loan, runQuery } from './loan.ts';
import { lentSession } from './server-session.ts';

export const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED';
const COMMIT = { text: 'COMMIT' };
const ROLLBACK = { text: 'ROLLBACK' };

/*
 * begin → work → commit → answered COMMIT: done
 *                      → answered ROLLBACK: a statement failed and the work went on; a Failure, nothing is written
 *                      → no answer: unknown; STORE_UNAVAILABLE, and the same work may be done again
 *       → work rejected → rollback
 */
export async function runTransaction<T>(loan: Loan, work: (session: SqlSession) => Promise<T>): Promise<T> {
  await begin(loan);
  let firstFailure: Error | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const session: SqlSession = {
    query(query) {
      // Statements of one connection run one after the other, also where the work does not wait in between.
      const result = last.then(() => runQuery(loan, query));
      last = result.catch((failure: unknown) => {
        if (failure instanceof Error) firstFailure ??= failure;
      });
      return result;
    },
  };
  let result: T;
  try {
    result = await work(session);
    await last;
  } catch (error) {
    await last;
    await rollBack(loan);
    throw error;
  }
  const { command } = await ask(loan, COMMIT);
  if (command === 'COMMIT') return result;
  throw firstFailure ?? new Failure('STORE_UNEXPECTED', `COMMIT was answered with ${command}`);
}

/** Where a setting was refused, a transaction may be open all the same. */
async function begin(loan: Loan): Promise<void> {
  try {
    const answer: PgResult | readonly PgResult[] = await ask(loan, { text: loan.begin });
    // The last of several answers has it.
    if (Array.isArray(answer)) loan.session = lentSession(answer.at(-1)?.rows[0]);
  } catch (error) {
    loan.broken = true;
    throw error;
  }
}

/** Ends the transaction, by dropping the connection where Postgres cannot be asked to. */
async function rollBack(loan: Loan): Promise<void> {
  if (loan.broken) return;
  try {
    await ask(loan, ROLLBACK);
  } catch {
    loan.broken = true;
  }
}
