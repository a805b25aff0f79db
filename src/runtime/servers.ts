import type { Log } from '../ports/log.ts';
import { Failure } from '../ports/failure.ts';
import type { Queue } from '../ports/queue.ts';
import type { Store } from '../ports/store.ts';
import type { NatsAccess } from '../adapters/jetstream/access.ts';
import { openLateJetStreamQueue } from '../adapters/jetstream/late-queue.ts';
import { openJetStreamQueue } from '../adapters/jetstream/queue.ts';
import { openPostgresQueue } from '../adapters/postgres-queue/queue.ts';
import { openStore } from '../adapters/postgres/store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { ProcessTelemetry } from './process-telemetry.ts';

export type { NatsAccess };

/** The servers that a command works with. */
export interface Servers {
  readonly store: Store;
  readonly queue: Queue;
  /** Resolves when a server is lost for good, with the reason; the process should end then. */
  readonly lost: Promise<Error>;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly databaseUrl: string;
  /** Without it messages wait in Postgres. */
  readonly natsUrl: string | undefined;
  /** What the URL does not say. */
  readonly natsAccess?: NatsAccess;
  readonly log: Log;
  /** The schema of nomnom's own tables; where `search_path` finds them when absent. */
  readonly ledgerSchema?: string | undefined;
  /** Connections to Postgres at most, the queue's included. */
  readonly connections: number;
  /** As the servers' connection lists show it. */
  readonly name: string;
  /** Milliseconds that one statement may take; see `StoreOptions`. */
  readonly statementTimeout?: number;
  /** Milliseconds until a server must have taken a connection; each adapter has its own when absent. */
  readonly connectTimeout?: number;
  /** Whether all questions to Postgres fail at once after one has found it out of reach; see `StoreOptions`. */
  readonly givesUp?: boolean;
  /** Called each time a change of tables gives way to others; see `StoreOptions`. */
  readonly onGaveWay?: () => void;
  /** Hears of statements and connections; nobody when absent. */
  readonly telemetry?: Pick<ProcessTelemetry, 'onStatement' | 'watchConnections'>;
  /** Whether to go on where NATS does not answer yet, and to connect in the background; else that rejects. */
  readonly waits?: boolean;
}

/** Milliseconds for the first connection to NATS where a role waits: probes are to be answered also while it is frozen. */
const FIRST_CONNECT = 1_000;

/**
 * Wires ports to adapters: JetStream where there is a NATS_URL, else a queue in Postgres, which is connected to when it
 * is first used.
 */
export async function openServers({
  databaseUrl,
  natsUrl,
  natsAccess = {},
  ledgerSchema,
  log,
  connections,
  name,
  statementTimeout,
  connectTimeout,
  givesUp = false,
  onGaveWay,
  telemetry,
  waits = false,
}: ServerOptions): Promise<Servers> {
  const store = openStore({
    url: databaseUrl,
    max: connections,
    log,
    applicationName: name,
    givesUp,
    ...(statementTimeout === undefined ? {} : { statementTimeout }),
    ...(connectTimeout === undefined ? {} : { connectTimeout }),
    ...(ledgerSchema === undefined ? {} : { ledgerSchema }),
    ...(onGaveWay === undefined ? {} : { onGaveWay }),
    ...(telemetry === undefined ? {} : { onStatement: telemetry.onStatement }),
  });
  telemetry?.watchConnections(() => store.connections());
  if (natsUrl === undefined)
    return serversOver(
      store,
      openPostgresQueue({
        store: store.sql,
        log,
        ...(ledgerSchema === undefined ? {} : { schema: ledgerSchema }),
      }),
      new Promise(() => {}),
    );
  const link = {
    url: natsUrl,
    access: natsAccess,
    log,
    name,
    ...(connectTimeout === undefined ? {} : { connectTimeout }),
  };
  const late = (reason: string): Servers => {
    log.warn({ reason }, 'waiting for NATS');
    const queue = openLateJetStreamQueue({ ...link, clock: systemClock });
    return serversOver(store, queue, queue.lost);
  };
  try {
    const opening = openJetStreamQueue(link);
    const queue = waits ? await Promise.race([opening, systemClock.sleep(FIRST_CONNECT)]) : await opening;
    if (queue !== undefined) return serversOver(store, queue, queue.lost);
    opening.then((unused) => unused.close()).catch(() => {});
    return late('no answer yet');
  } catch (error) {
    if (waits && error instanceof Failure && error.code === 'QUEUE_UNAVAILABLE') return late(error.message);
    await store.close();
    throw error;
  }
}

function serversOver(store: Store, queue: Queue, lost: Promise<Error>): Servers {
  return {
    store,
    queue,
    lost,
    close: async () => {
      await queue.close();
      await store.close();
    },
  };
}
