import type { RolePlan } from '../plan/plan.ts';
import { Failure } from '../ports/failure.ts';
import type { Log } from '../ports/log.ts';
import type { Session } from '../ports/store.ts';
import { contradictions } from '../roles/setup/contradictions.ts';
import type { Servers } from './servers.ts';

/** Tells the log which settings do not go together; rejects where the role could not keep its promises with them. */
export async function fit(
  { store, queue }: Pick<Servers, 'store' | 'queue'>,
  role: RolePlan,
  connections: number,
  log: Log,
): Promise<void> {
  const maxConnections = await available(store);
  const { maxBody, tooLow } = queue.publisher();
  const reason = role.publishes.length === 0 ? undefined : tooLow?.();
  // The role starts all the same: it is not ready until the limit is raised, as where it is lowered later.
  if (reason !== undefined) log.warn({ reason }, 'the queue takes no message');
  const found = contradictions(role, {
    maxBody,
    connections,
    maxConnections,
  });
  for (const { severity, message } of found) if (severity === 'warning') log.warn({}, message);
  const refusals = found.filter(({ severity }) => severity === 'refusal').map(({ message }) => message);
  if (refusals.length > 0) throw new Failure('SETTINGS_CONTRADICT', refusals.join('\n'));
}

/** Undefined where Postgres is away: then the role waits for it, and this is not what keeps it from starting. */
async function available(session: Session): Promise<number | undefined> {
  try {
    return await session.catalog.maxConnections();
  } catch (error) {
    if (error instanceof Failure && error.retryable) return undefined;
    throw error;
  }
}
