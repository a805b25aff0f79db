import type { Plan, RolePlan } from '../plan/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { startIngest } from '../roles/ingest/start.ts';
import { startWorker } from '../roles/worker/worker.ts';
import type { Servers } from './servers.ts';

export interface RunningRole {
  /** Where it listens, if it accepts messages. */
  readonly address?: string;
  /** Rejects when the role ended by a fault of its own. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface RoleOptions {
  readonly plan: Plan;
  readonly role: RolePlan;
  readonly servers: Servers;
  readonly clock: Clock;
  readonly log: Log;
  readonly port: number;
  readonly host: string;
}

/** Starts what a role declares: it publishes what HTTP brings, or consumes, or both. The servers are verified. */
export async function startRole({
  plan,
  role,
  servers,
  clock,
  log,
  port,
  host,
}: RoleOptions): Promise<RunningRole> {
  const { store, queue } = servers;
  const ingest =
    role.publishes.length === 0
      ? undefined
      : await startIngest({ plan, role, queue, store, clock, log, port, host });
  const worker =
    role.consumes.length === 0 ? undefined : startWorker({ plan, role, queue, store, clock, log });
  return {
    ...(ingest === undefined ? {} : { address: ingest.address }),
    ended: worker?.ended ?? new Promise(() => {}),
    stop: async () => {
      await Promise.all([ingest?.stop(), worker?.stop()]);
    },
  };
}

/** Connections that a role needs: one for each batch in flight, for the queue beside each, and for status and checks. */
export function connectionsOf(role: RolePlan): number {
  return 4 + 2 * role.consumes.length * role.settings.concurrency;
}
