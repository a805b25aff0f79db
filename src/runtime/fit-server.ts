import { Failure } from '../ports/failure.ts';
import type { Log } from '../ports/log.ts';
import type { Session } from '../ports/store.ts';

/**
 * Rejects with STORE_MISCONFIGURED where a setting of the Postgres server breaks a promise, and tells the log, where there
 * is one, which settings may lose something. A Postgres that is away now is not what keeps a role from starting.
 */
export async function fitServer(session: Session, log?: Log): Promise<void> {
  const found = await session.catalog.checkSettings().catch((error: unknown) => {
    if (error instanceof Failure && error.retryable) return [];
    throw error;
  });
  for (const { severity, message } of found) if (severity === 'warning') log?.warn({}, message);
  const refusals = found.filter(({ severity }) => severity === 'refusal').map(({ message }) => message);
  if (refusals.length > 0) throw new Failure('STORE_MISCONFIGURED', refusals.join('\n'));
}
