import { connect, type NatsConnection, type ServerInfo } from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import { accessOptions, addressesOf, type NatsAccess } from './access.ts';
import { forbiddenBy, missingRight } from './forbidden.ts';
import { refusalIn } from './refusal-words.ts';
import { refusedConnection } from './refused-connection.ts';
import { whyTimedOut } from './why-timed-out.ts';

/** One connection to the servers, and whether it stands now. */
export interface Link {
  readonly connection: NatsConnection;
  /** Whether it stands, and hears what it has subscribed to. */
  isUp(): boolean;
  /** Why it does not stand, in the words of the server where it refuses: QUEUE_MISCONFIGURED for credentials, else QUEUE_UNAVAILABLE. */
  whyDown(): Failure;
  /** Counts the losses of the connection: what was delivered in an earlier epoch may not be answered in this one. */
  epoch(): number;
  /** Calls `listener` at each loss of the connection, until the function that it gives is called. */
  onDown(listener: (reason: string) => void): () => void;
  /** Calls `listener` with each error that the server sends out of band, a refused subject for example. */
  onServerError(listener: (error: Error) => void): () => void;
  /** What a new connection is told now by the same server; undefined where there is none. */
  askInfo(): Promise<ServerInfo | undefined>;
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
/** Milliseconds until a connection that may not subscribe is made anew: only then does the driver ask for its subscriptions again. */
const SUBSCRIBES_AGAIN = 5_000;
/** Refusals that the log names, each once until the next connection. */
const REASONS_TOLD = 100;
/** Milliseconds between two attempts while the server refuses the credentials, which somebody has to renew. */
const REFUSED_WAIT = 1_000;

/**
 * Connects, or rejects with QUEUE_UNAVAILABLE, or with QUEUE_MISCONFIGURED where credentials or certificates are wrong.
 * Once connected, it reconnects without limit, also where credentials have ended: their files are read at each attempt.
 */
export async function openLink({ url, access, log, name, connectTimeout }: LinkOptions): Promise<Link> {
  let refusal: Failure | undefined;
  const options = () => ({
    ...accessOptions(url, access),
    name,
    timeout: connectTimeout ?? CONNECT_TIMEOUT,
  });
  const connection = await connect({
    ...options(),
    maxReconnectAttempts: -1,
    reconnectDelayHandler: () => (refusal === undefined ? 250 : REFUSED_WAIT) + Math.random() * 250,
    ignoreAuthErrorAbort: true,
    // A half-open connection is found after two missed answers.
    pingInterval: 5_000,
    maxPingOut: 2,
    // Stack traces for each request cost more than the request.
    noAsyncTraces: true,
  }).catch(async (error: unknown) => {
    throw refusedConnection(await whyTimedOut(error, addressesOf(url), options()), url);
  });
  const askInfo = async (): Promise<ServerInfo | undefined> => {
    try {
      const asking = await connect({
        ...accessOptions(url, access),
        servers: [connection.getServer()],
        ...{ name: `${name}, looking`, timeout: CONNECT_TIMEOUT, reconnect: false },
      });
      const { info } = asking;
      await asking.close();
      return info;
    } catch {
      return undefined;
    }
  };
  return linkOver(connection, log, askInfo, {
    get: () => refusal,
    set(error) {
      refusal = error === undefined ? undefined : refusedConnection(error, url);
    },
  });
}

/** That the server refuses the connection, or its subscriptions, from its words until it takes them again. */
interface Refusal {
  get(): Failure | undefined;
  set(error: Error | undefined): void;
}

function linkOver(connection: NatsConnection, log: Log, askInfo: Link['askInfo'], refusal: Refusal): Link {
  const downListeners = new Set<(reason: string) => void>();
  const errorListeners = new Set<(error: Error) => void>();
  let up = true;
  let epoch = 0;
  let closing = false;
  let again: NodeJS.Timeout | undefined;
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
    if (told.has(reason) || told.size >= REASONS_TOLD) return;
    told.add(reason);
    log.warn({ reason }, 'NATS refused an operation');
  };
  const reconnect = async () => {
    // It only rejects where the connection has been closed meanwhile.
    await connection.reconnect().catch(() => {});
  };
  const hearRefusal = (error: Error) => {
    const refused = refusalIn(error.message);
    if (refused === undefined) return;
    refusal.set(error);
    if (refused.refuses !== 'subscription') return;
    down(error.message);
    clearTimeout(again);
    again = setTimeout(() => {
      void reconnect();
    }, SUBSCRIBES_AGAIN);
    again.unref();
  };
  const watch = async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') {
        // The driver says so again for each attempt that fails.
        if (up) log.warn({ server: status.server }, 'lost the connection to NATS, reconnecting');
        down('the connection to NATS is lost');
      } else if (status.type === 'reconnect' && !up) {
        up = true;
        refusal.set(undefined);
        told.clear();
        log.info({ server: status.server }, 'connected to NATS again');
      } else if (status.type === 'error') {
        hearRefusal(status.error);
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
    whyDown: () => refusal.get() ?? new Failure('QUEUE_UNAVAILABLE', 'no connection to NATS'),
    epoch: () => epoch,
    onDown: (listener) => listen(downListeners, listener),
    onServerError: (listener) => listen(errorListeners, listener),
    lost,
    askInfo,
    async close() {
      closing = true;
      clearTimeout(again);
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
