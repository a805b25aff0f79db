import type { PoolClient, QueryResult as PgResult } from 'pg';
import type { Failure } from '../../ports/failure.ts';
import type { Query, QueryResult } from '../../sql/postgres/session.ts';
import { connectionSurvives, failureOf } from './failure-of.ts';
import type { ServerSession } from './server-session.ts';
import type { SilenceWatch } from './silent-lines.ts';

/** A connection taken from the pool, and whether it may go back. */
export interface Loan {
  readonly client: PoolClient;
  /**
   * Behind a pooler each transaction may run in another session. So it sets its own settings, a single statement gets a
   * transaction, and no statement is prepared under a name.
   */
  readonly pooled: boolean;
  /** Begins a transaction with our settings. */
  readonly begin: string;
  readonly onStatement: (ms: number) => void;
  readonly silence: SilenceWatch;
  /** Behind a pooler that of the transaction once it has begun, else of the connection. */
  session: ServerSession | undefined;
  /** When the statement in work was sent, by `performance.now()`; undefined while there is none. */
  askedAt: number | undefined;
  broken: boolean;
  /** Whether the connection ended, and not by a word of the server. */
  unheard: boolean;
  /** Whether the server did not answer within the time that it had. */
  silent: boolean;
}

/** Rejects with a `Failure`, and notes what it says of the connection. */
export async function ask(loan: Loan, { name, text, values }: Query): Promise<PgResult> {
  const startedAt = performance.now();
  loan.askedAt = startedAt;
  const answered = loan.session === undefined ? undefined : loan.silence.asked(loan.client, loan.session);
  try {
    return await loan.client.query({
      text,
      ...(name === undefined || loan.pooled ? {} : { name }),
      ...(values === undefined ? {} : { values: [...values] }),
    });
  } catch (error) {
    const failure = failureOf(error);
    if (!connectionSurvives(failure)) {
      loan.broken = true;
      loan.unheard = failure.sql === undefined;
    }
    if (isReadTimeout(error)) loan.silent = true;
    if (loan.unheard) nameSession(failure, loan.session);
    throw failure;
  } finally {
    loan.askedAt = undefined;
    answered?.();
    loan.onStatement(performance.now() - startedAt);
  }
}

/** Names the process that was to answer, which may still hold its locks. */
function nameSession(failure: Failure, session: ServerSession | undefined): void {
  if (session !== undefined && session.pid !== 0) failure.message += ` (pid ${session.pid})`;
}

/** The driver gives this error no code. */
function isReadTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

export async function runQuery(loan: Loan, query: Query): Promise<QueryResult> {
  const { rows, rowCount } = await ask(loan, query);
  return { rows, rowCount: rowCount ?? 0 };
}
