import { logTelemetry } from '../adapters/telemetry/log-telemetry.ts';
import type { Health, Reason } from '../http/health.ts';
import { type Server, type ServerLimits, startServer } from '../http/server.ts';
import type { Plan, RolePlan } from '../plan/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Queue } from '../ports/queue.ts';
import type { SecretValues } from '../ports/secrets.ts';
import type { Store } from '../ports/store.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { type Ingest, startIngest } from '../roles/ingest/start.ts';
import { ALL_PATIENCE } from '../roles/readiness/ask-servers.ts';
import { workerHealth } from '../roles/worker/health.ts';
import { startRetention } from '../roles/retention/retention.ts';
import { startWorker, type Worker } from '../roles/worker/worker.ts';
import type { AccessOptions } from './access.ts';
import type { ProcessTelemetry } from './process-telemetry.ts';
import { startReadiness } from './readiness.ts';
import { roleAccess } from './role-access.ts';
import { roleTelemetry } from './role-telemetry.ts';
import type { AskedListen } from './where-to-listen.ts';

/** Milliseconds for the first proof of the servers, after which a role tells all the same that it listens. */
const FIRST_PROOF = 3_000;

export interface RunningRole {
  /** Where it listens, `http://127.0.0.1:8080`. */
  readonly address: string;
  /** Rejects when the role ended by a fault of its own. */
  readonly ended: Promise<void>;
  /** Finishes what is in flight, or gives it back, within 10 s. Safe to call twice. */
  stop(): Promise<void>;
}

export interface RoleOptions {
  readonly plan: Plan;
  readonly role: RolePlan;
  readonly store: Store;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
  /** Hears what happens; the log alone when absent. */
  readonly telemetry?: Telemetry;
  /** What the process tells of itself; nothing when absent. */
  readonly process?: ProcessTelemetry;
  readonly listen: AskedListen;
  /** Who may send to it, besides holders of keys. */
  readonly access?: AccessOptions;
  /** Rejects with a `Failure` where a server is away, or is not what the role needs. */
  readonly prove: () => Promise<void>;
  /** For entities with `signed by`; without any, their requests are refused. */
  readonly secrets?: SecretValues;
  /** Ends the wait for the first proof: whoever aborts it stops the role at once. */
  readonly signal?: AbortSignal;
  readonly limits?: ServerLimits;
  /** How often lost messages are looked for; every 10 s when absent. */
  readonly lossCheck?: { readonly every: number };
}

/**
 * Starts what a role declares: it publishes what HTTP brings, or consumes, or both; and serves its health over HTTP in any
 * case, from the beginning. Resolves after the first attempt to prove the servers. Where one is away the role starts all
 * the same: it is not ready, and begins to work once the servers are proven. Rejects with a `Failure` where the port is taken, or where the servers differ from what the role needs: then its
 * message is the refusal with both values.
 */
export async function startRole(options: RoleOptions): Promise<RunningRole> {
  const { plan, role, store, queue, clock, log, prove } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let worker: Worker | undefined;
  let parts: readonly Health[] = [];
  const reasons = async (patience?: number): Promise<readonly Reason[]> =>
    eachOnce((await Promise.all(parts.map((part) => part.reasons(patience)))).flat());
  const health: Health = {
    async reasons() {
      const message = readiness.unproven();
      const found = await reasons();
      return message === undefined ? found : [{ check: 'verification', message }, ...found];
    },
    degraded: async () => eachOnce((await Promise.all(parts.map((part) => part.degraded()))).flat()),
  };
  const { telemetry, tracing, route } = roleTelemetry({
    ...options,
    listener: options.telemetry ?? logTelemetry(log),
    process: options.process,
    health,
    signal,
  });
  const readiness = startReadiness({
    prove,
    // The worker tells its pauses itself. No probe waits for this look: a busy server gets all of its time.
    look: async () => (await reasons(ALL_PATIENCE)).filter(({ check }) => check !== 'worker'),
    clock,
    log,
    telemetry,
    signal,
  });
  const { unproven, proven, attempted } = readiness;
  // It is waited for below; the port may be taken before.
  attempted.catch(() => {});
  const { access, listen } = await roleAccess(options, telemetry).catch((error: unknown) => {
    stopping.abort();
    throw error;
  });
  const ingest =
    role.publishes.length === 0 ? undefined : startIngest({ ...options, telemetry, tracing, unproven });
  parts = [
    ...(access === undefined ? [] : [access.health]),
    ...(ingest === undefined ? [] : [ingest.health]),
    ...(role.consumes.length === 0
      ? []
      : [workerHealth({ worker: () => worker, queue, store, plan, role, clock })]),
  ];
  const server = await startServer({
    ...options,
    routes: [...(ingest?.routes ?? []), route],
    health,
    ownConnections: connectionsOf(role),
    connectionsPerAddress: options.access?.connectionsPerAddress,
    trustedProxies: options.access?.trustedProxies ?? [],
    listen,
    ...(access === undefined ? {} : { gate: access.gate }),
  }).catch(async (error: unknown) => {
    stopping.abort();
    access?.stop();
    await ingest?.stop(Promise.resolve());
    throw error;
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    access?.stop();
    await Promise.all([stopServing(server, ingest), worker?.stop()]);
    log.info({}, 'stopped');
  };
  try {
    // Probes are answered by now. Whoever waits for this line finds a role that is ready, where its servers answer at once.
    await Promise.race([attempted, clock.sleep(FIRST_PROOF, options.signal)]);
    // The address of a server that listens on all of them is one that this machine can use.
    log.info({ address: server.address, host: listen.host }, 'listening');
    await Promise.race([attempted, aborted(options.signal)]);
  } catch (error) {
    await stop();
    throw error;
  }

  const work = async (): Promise<void> => {
    if (!(await proven) || signal.aborted) return;
    if (role.consumes.length === 0) return new Promise(() => {});
    worker = startWorker({ plan, role, queue, store, clock, log, telemetry });
    const { ended: worked } = worker;
    // It rejects only with a bug, which ends the role as one of the worker does.
    const retained = startRetention({ plan, store, clock, log, signal });
    await Promise.race([worked, retained.then(() => worked)]);
  };
  const ended = work();
  // Whoever stops the role may have no interest in it any more.
  ended.catch(() => {});
  let stopped: Promise<void> | undefined;
  return { address: server.address, ended, stop: () => (stopped ??= stop()) };
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function stopServing(server: Server, ingest: Ingest | undefined): Promise<void> {
  const served = server.stop();
  await Promise.all([served, ingest?.stop(served)]);
}

/** A role that accepts and works asks the same servers twice. */
function eachOnce(reasons: readonly Reason[]): readonly Reason[] {
  return [...new Map(reasons.toReversed().map((reason) => [reason.check, reason])).values()].toReversed();
}

/** Connections that a role needs: one for each batch in flight, for the queue beside each, and for status and checks. */
export function connectionsOf(role: RolePlan): number {
  // The partitions of a group share the batches in flight.
  const consumers = new Set(role.consumes.map(({ durable, partition }) => partition?.group ?? durable));
  return 4 + 2 * consumers.size * role.settings.concurrency;
}
