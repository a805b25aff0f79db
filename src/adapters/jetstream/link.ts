import { connect, type NatsConnection } from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import { accessOptions, type NatsAccess } from './access.ts';
import { forbiddenBy, missingRight } from './forbidden.ts';
import { refusedConnection } from './refused-connection.ts';

/** One connection to the servers, and whether it stands now. */
export interface Link {
  readonly connection: NatsConnection;
  isUp(): boolean;
  /** Counts the losses of the connection: what was delivered in an earlier epoch may not be answered in this one. */
  epoch(): number;
  /** Calls `listener` at each loss of the connection, until the function that it gives is called. */
  onDown(listener: (reason: string) => void): () => void;
  /** Calls `listener` with each error that the server sends out of band, a refused subject for example. */
  onServerError(listener: (error: Error) => void): () => void;
  /** Resolves when the connection is lost for good without `close`: nothing of this link works again. */
  readonly lost: Promise<Failure>;
  close(): Promise<void>;
}

export interface LinkOptions {
  /** `nats://user:password@host:port`, or several with commas between. */
  readonly url: string;
  readonly access?: NatsAccess;
  readonly log: Log;
  /** As the server's connection list shows it. */
  readonly name: string;
  /** Milliseconds until a server must have taken the connection; 5 s when absent. */
  readonly connectTimeout?: number;
}

const CONNECT_TIMEOUT = 5_000;
const DRAIN_WITHIN = 2_000;
/** Missing rights that the log names, each once for each connection. */
const RIGHTS_TOLD = 100;

/**
 * Connects, or rejects with QUEUE_UNAVAILABLE, or with QUEUE_MISCONFIGURED where credentials or certificates are wrong.
 * Once connected, it reconnects without limit.
 */
export async function openLink({ url, access, log, name, connectTimeout }: LinkOptions): Promise<Link> {
  const connection = await connect({
    ...accessOptions(url, access),
    name,
    timeout: connectTimeout ?? CONNECT_TIMEOUT,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    // A half-open connection is found after two missed answers.
    pingInterval: 5_000,
    maxPingOut: 2,
    // Stack traces for each request cost more than the request.
    noAsyncTraces: true,
  }).catch((error: unknown) => {
    throw refusedConnection(error, url);
  });
  return linkOver(connection, log);
}

function linkOver(connection: NatsConnection, log: Log): Link {
  const downListeners = new Set<(reason: string) => void>();
  const errorListeners = new Set<(error: Error) => void>();
  let up = true;
  let epoch = 0;
  let closing = false;
  const down = (reason: string) => {
    if (!up) return;
    up = false;
    epoch += 1;
    for (const listener of downListeners) listener(reason);
  };
  // Whatever needs the right asks for it again and again, and says itself that it cannot work.
  const told = new Set<string>();
  const tell = (error: Error) => {
    const forbidden = forbiddenBy(error);
    const reason = forbidden === undefined ? error.message : missingRight(forbidden);
    if (forbidden !== undefined && (told.has(reason) || told.size >= RIGHTS_TOLD)) return;
    if (forbidden !== undefined) told.add(reason);
    log.warn({ reason }, 'NATS refused an operation');
  };
  const watch = async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') {
        log.warn({ server: status.server }, 'lost the connection to NATS, reconnecting');
        down('the connection to NATS is lost');
      } else if (status.type === 'reconnect') {
        up = true;
        told.clear();
        log.info({ server: status.server }, 'connected to NATS again');
      } else if (status.type === 'error') {
        tell(status.error);
        for (const listener of errorListeners) listener(status.error);
      }
    }
  };
  void watch();
  const lost = new Promise<Failure>((resolve) => {
    void connection.closed().then((error) => {
      down('the connection to NATS is closed');
      if (!closing) resolve(new Failure('QUEUE_UNAVAILABLE', 'the connection is closed', { cause: error }));
    });
  });
  return {
    connection,
    isUp: () => up && !connection.isClosed(),
    epoch: () => epoch,
    onDown: (listener) => listen(downListeners, listener),
    onServerError: (listener) => listen(errorListeners, listener),
    lost,
    async close() {
      closing = true;
      if (connection.isClosed()) return;
      // Acknowledgements are sent without an answer: drain sends what waits, where there is a server to send it to.
      if (up)
        await Promise.race([connection.drain(), sleep(DRAIN_WITHIN, undefined, { ref: false })]).catch(
          () => {},
        );
      await connection.close();
    },
  };
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
