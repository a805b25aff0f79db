import type { Plan, RolePlan } from '../plan/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { startIngest } from '../roles/ingest/start.ts';
import type { Reason } from '../roles/readiness/ask-servers.ts';
import { startWorker, type Worker } from '../roles/worker/worker.ts';
import { awaitProof } from './verification.ts';
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
  /** Rejects where the servers are not what the role needs; with a retryable `Failure` where one is away. */
  readonly prove: () => Promise<void>;
}

/**
 * Starts what a role declares: it publishes what HTTP brings, or consumes, or both. Where a server is away it starts all
 * the same: it listens, not ready, and begins to work once the servers are proven. Rejects where they differ from what
 * the role needs; where that is found only later, `ended` does.
 */
export async function startRole(options: RoleOptions): Promise<RunningRole> {
  const { plan, role, servers, clock, log, port, host, prove } = options;
  const { store, queue } = servers;
  const stopping = new AbortController();
  const proof = await awaitProof(prove, { clock, log, signal: stopping.signal });
  let worker: Worker | undefined;
  const notReady = (): readonly Reason[] => {
    const message = proof.reason() ?? reasonOf(worker);
    return message === undefined ? [] : [{ check: 'worker', message }];
  };
  const ingest =
    role.publishes.length === 0
      ? undefined
      : await startIngest({
          plan,
          role,
          queue,
          store,
          clock,
          log,
          port,
          host,
          ...(role.consumes.length === 0 ? {} : { notReady }),
        });
  const work = async (): Promise<void> => {
    if (!(await proof.done) || stopping.signal.aborted) return;
    if (role.consumes.length === 0) return new Promise(() => {});
    worker = startWorker({ plan, role, queue, store, clock, log });
    await worker.ended;
  };
  const ended = work();
  // Whoever stops the role may have no interest in it any more.
  ended.catch(() => {});
  return {
    ...(ingest === undefined ? {} : { address: ingest.address }),
    ended,
    stop: async () => {
      stopping.abort();
      await Promise.all([ingest?.stop(), worker?.stop()]);
    },
  };
}

/** Why a worker does not get on. */
function reasonOf(worker: Worker | undefined): string | undefined {
  const state = worker?.state();
  return state?.kind === 'paused' ? state.reason : undefined;
}

/** Connections that a role needs: one for each batch in flight, for the queue beside each, and for status and checks. */
export function connectionsOf(role: RolePlan): number {
  // The partitions of a group share the batches in flight.
  const consumers = new Set(role.consumes.map(({ durable, partition }) => partition?.group ?? durable));
  return 4 + 2 * consumers.size * role.settings.concurrency;
}
