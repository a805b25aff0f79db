import { diskFault } from '../adapters/embedded/disk-fault.ts';
import { openEmbedded } from '../adapters/embedded/embedded.ts';
import { pinoLog } from '../adapters/pino-log.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { lastingPauses } from '../adapters/telemetry/lasting-pauses.ts';
import { logTelemetry } from '../adapters/telemetry/log-telemetry.ts';
import type { Plan, RolePlan } from '../plan/plan.ts';
import type { Log } from '../ports/log.ts';
import { applyTables } from '../roles/setup/apply-tables.ts';
import { applyPartitions } from '../roles/setup/partitions.ts';
import { embeddedParts } from './embedded-parts.ts';
import { startProcessTelemetry } from './process-telemetry.ts';
import { makeFolder } from './make-folder.ts';
import { prove } from './prove.ts';
import { proveOwnPorts, startBeside } from './own-port.ts';
import { type RunningRole, startRole } from './role.ts';
import { openSecrets } from './secrets.ts';
import { openServers } from './servers.ts';

/** The log of one role, or of the process. */
export type LogOf = (role: string | undefined) => Log;

export interface EmbeddedOptions {
  readonly plan: Plan;
  /** Where the embedded Postgres keeps its data. */
  readonly directory: string;
  readonly logOf: LogOf;
  /** The port that messages come to, instead of the settings of the roles that accept them; 0 chooses a free one. */
  readonly port?: number | undefined;
  /** Ends the start: after the step that is under way it rejects with the reason, and nothing runs. */
  readonly signal: AbortSignal;
}

export interface EmbeddedProcess {
  /** What was created or changed to fit the plan, a line each. */
  readonly applied: readonly string[];
  /** Of each role that accepts messages. */
  readonly accepting: readonly { readonly role: RolePlan; readonly address: string }[];
  readonly databaseUrl: string;
  /** Resolves when a server is lost, with the reason, or when a role has ended; rejects where it ended by a fault. */
  readonly ended: Promise<Error | 'ended'>;
  close(): Promise<void>;
}

/** For all roles together; who needs one more waits. */
const CONNECTIONS = 8;
const HOST = '127.0.0.1';
/**
 * Milliseconds that a pause lasts before it is told: on a machine under load the embedded Postgres, which has one session for all, is
 * late now and then, and nobody has to do anything.
 */
const PAUSE_TOLD_AFTER = 10_000;

/**
 * Runs every role of the plan in this process, on an embedded Postgres that also holds the queue. Rejects with PORT_IN_USE before Postgres
 * starts, which takes seconds.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedProcess> {
  const { plan, directory, logOf, signal } = options;
  const log = logOf(undefined);
  const secrets = await openSecrets({ plan, roles: plan.roles, clock: systemClock, log });
  const closers: (() => unknown)[] = [() => secrets.stop()];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0)) await each();
  };
  const stopped = new AbortController();
  closers.unshift(() => stopped.abort());
  try {
    await proveOwnPorts(plan.roles, options.port, HOST);
    makeFolder(directory);
    const embedded = await openEmbedded({ directory, parts: await embeddedParts() });
    closers.unshift(() => embedded.close());
    signal.throwIfAborted();
    const telemetry = await startProcessTelemetry(plan, log);
    closers.unshift(() => telemetry.stop());
    const servers = await openServers({
      // It has no TLS, whatever the environment says.
      databaseUrl: `${embedded.url}?sslmode=disable`,
      natsUrl: undefined,
      log,
      connections: CONNECTIONS,
      name: 'nomnom dev',
      telemetry,
    });
    closers.unshift(() => servers.close());
    const { store, queue } = servers;
    // The folder is this process's own: who seems to run there was killed.
    const tables = await applyTables(store, plan, { whileRunning: true });
    signal.throwIfAborted();
    const partitions = await applyPartitions(store, queue, plan);
    const streams = await queue.apply(plan);
    const running: (RunningRole & { readonly role: RolePlan })[] = [];
    const start = (role: RolePlan, port: number): Promise<RunningRole> => {
      const ofRole = logOf(role.name);
      return startRole({
        plan,
        role,
        store,
        queue,
        clock: systemClock,
        secrets: secrets.values,
        log: ofRole,
        telemetry: lastingPauses(logTelemetry(ofRole), {
          milliseconds: PAUSE_TOLD_AFTER,
          clock: systemClock,
          signal: stopped.signal,
        }),
        process: telemetry,
        listen: { port, host: HOST },
        signal,
        prove: () => prove({ servers, plan, role, connections: CONNECTIONS, log }),
      });
    };
    // Those that accept messages first: of several with one port, senders find the first of them there.
    for (const role of plan.roles.toSorted((left, right) => acceptsNone(left) - acceptsNone(right))) {
      signal.throwIfAborted();
      const started = await startBeside(role, { port: options.port, running, start });
      closers.unshift(() => started.stop());
      running.push({ ...started, role });
    }
    return {
      applied: [...tables, ...partitions, ...streams],
      accepting: running.filter(({ role }) => role.publishes.length > 0),
      databaseUrl: embedded.url,
      ended: Promise.race([
        servers.lost,
        embedded.lost,
        ...running.map((role) => role.ended.then(() => 'ended' as const)),
      ]),
      close,
    };
  } catch (error) {
    await close();
    throw diskFault(error, directory);
  }
}

/** Lines as those of `nomnom run`, of this level. */
export function jsonLogs({ pipeline }: Plan, level: string): LogOf {
  return (role) => pinoLog({ level, fields: { pipeline, ...(role !== undefined && { role }) } });
}

function acceptsNone({ publishes }: RolePlan): number {
  return publishes.length === 0 ? 1 : 0;
}
