import type { Plan, RolePlan } from '../plan/plan.ts';
import { Failure } from '../ports/failure.ts';
import type { Log } from '../ports/log.ts';
import type { Difference } from '../ports/queue.ts';
import { proveWrites } from '../roles/setup/prove-writes.ts';
import { differenceLine, refusalText } from '../roles/setup/refusal.ts';
import { verify } from '../roles/setup/verify.ts';
import { fit } from './fit.ts';
import type { Servers } from './servers.ts';

/** What is to be proven of the servers before the first message. */
export interface Proof {
  readonly servers: Pick<Servers, 'store' | 'queue'>;
  readonly plan: Plan;
  readonly role: RolePlan;
  /** Connections to Postgres that the process opens at most. */
  readonly connections: number;
  readonly log: Log;
}

/**
 * Proves that the role can work with its servers: its settings go together, the tables and the queue are as the plan says,
 * and Postgres takes every statement of a worker. A right that is missing for some of the entities only is told to the log. Rejects with a `Failure` that is retryable where a server is away, and
 * else says what differs and what fixes it.
 */
export async function prove({ servers, plan, role, connections, log }: Proof): Promise<void> {
  const { store, queue } = servers;
  await fit(servers, role, connections, log);
  const found = await verify(store, queue, plan);
  refuse(plan.file, found);
  // A statement can only be proven on tables that are there.
  if (role.consumes.length === 0) return;
  const { refused, forbidden } = await proveWrites(store.writer, plan);
  refuse(plan.file, refused);
  for (const difference of forbidden)
    log.warn(
      { reason: differenceLine(difference).trim() },
      'messages of a table that this user may not write wait; the others are worked',
    );
}

function refuse(file: string, differences: readonly Difference[]): void {
  const refusal = refusalText(file, differences);
  if (refusal === undefined) return;
  const ofQueue = differences.some(({ code }) => code === 'NOM903');
  throw new Failure(ofQueue ? 'QUEUE_MISCONFIGURED' : 'STORE_MISCONFIGURED', refusal);
}
