import type { ClientBase } from 'pg';
import { Failure } from '../../ports/failure.ts';
import { OWN_SESSION } from '../../sql/postgres/catalog/waiting-sessions.ts';
import type { Target } from './connection/parameters.ts';
import { notLentYet, type ServerSession, sessionOf } from './server-session.ts';
import { applySettings, type SessionLimits } from './session-settings.ts';

/** What stands at the other end of a new connection. */
export interface Greeting {
  /**
   * Whether a pooler such as PgBouncer stands in between: then the next transaction may run in another session, and the
   * session that this one ran in belongs to somebody else.
   */
  readonly pooled: boolean;
  /** That of the connection; behind a pooler none until a transaction begins. */
  readonly session: ServerSession;
}

/** The driver has it from the server's BackendKeyData; its types leave it out. */
interface WithProcessId {
  readonly processID: number | null;
}

/**
 * Asks a new connection who is there, and sets the settings of the session where the session is ours. Rejects with
 * STORE_MISCONFIGURED where what is there cannot keep our promises: a database that is not UTF8, a pooler of statements.
 * Rejects with STORE_UNAVAILABLE where it is not the `target` that is looked for among several hosts.
 */
export async function greet(client: ClientBase, limits: SessionLimits, target: Target): Promise<Greeting> {
  const { processID } = client as unknown as WithProcessId;
  // A pooler makes the number up that it gives as the process id.
  const own = `pg_backend_pid() = ${processID ?? 0}`;
  const answers = (await client.query(
    `SELECT ${own} AS own, current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby, current_setting('transaction_read_only') AS read_only, ${OWN_SESSION}; ${applySettings(limits, 'session', own)}`,
  )) as unknown as readonly { readonly rows: readonly Readonly<Record<string, unknown>>[] }[];
  const found = answers[0]?.rows[0];
  if (found?.['encoding'] !== 'UTF8')
    throw new Failure(
      'STORE_MISCONFIGURED',
      `the database has the encoding ${String(found?.['encoding'])}, expected UTF8; make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`,
    );
  const writable = found['standby'] !== true && (target === 'primary' || found['read_only'] === 'off');
  if (target !== 'any' && !writable)
    throw new Failure(
      'STORE_UNAVAILABLE',
      `the server takes no writes, and target_session_attrs is ${target}`,
    );
  const pooled = found['own'] !== true;
  if (pooled) await proveTransactions(client);
  return { pooled, session: pooled ? notLentYet(sessionOf(found)) : sessionOf(found) };
}

/** A pooler of statements refuses BEGIN, and ends the connection. */
async function proveTransactions(client: ClientBase): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query('ROLLBACK');
  } catch (error) {
    if (error instanceof Error && /statement pooling/i.test(error.message))
      throw new Failure(
        'STORE_MISCONFIGURED',
        'the pooler in front of it has pool_mode = statement, expected transaction or session',
        { cause: error },
      );
    throw error;
  }
}

/** A pooler refuses what it does not know of the connection's URL, and no later attempt changes that. */
export function refusedParameter(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !error.message.startsWith('unsupported startup parameter'))
    return undefined;
  return new Failure(
    'STORE_MISCONFIGURED',
    `the pooler in front of it says "${error.message}"; leave that parameter out of DATABASE_URL`,
    { cause: error },
  );
}
