import type { FastifyInstance } from 'fastify';
import type { Server as TlsServer } from 'node:tls';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { addRoutes } from './add-routes.ts';
import { allowedMethods } from './allowed-methods.ts';
import { doorwayOf } from './auth/doorway.ts';
import type { GateOptions } from './auth/gate.ts';
import { bodyBudget, budgetBytes } from './body-budget.ts';
import { BODY_RATE, type BodyRate, watchBodies } from './body-rate.ts';
import { lacksCertificate, requireClientCertificates } from './client-certificates.ts';
import { CONNECTION_LIMITS, type ConnectionLimits, watchConnections } from './connections.ts';
import { isAmong } from './auth/networks.ts';
import { mostConnections, shareOfAddress } from './descriptors.ts';
import { createFastify, type TlsServerOptions } from './fastify.ts';
import type { Health } from './health.ts';
import { healthRoutes } from './health-routes.ts';
import { guardAgainstPressure, type PressureLimits, pressureLimits } from './pressure.ts';
import { listenFailure } from './listen-failure.ts';
import type { Route } from './route.ts';
import { type Identity, LOOK_EVERY, readIdentity, type TlsFiles, watchIdentity } from './tls.ts';

export interface ServerOptions {
  readonly routes: readonly Route[];
  readonly health: Health;
  readonly clock: Clock;
  readonly log: Log;
  readonly listen: Listen;
  readonly limits?: ServerLimits;
  /** Who may use the routes that need something of their sender. */
  readonly gate?: GateOptions;
  /** Connections that the process opens itself, to other servers. */
  readonly ownConnections?: number;
  /** Connections that one address may hold, but that of a trusted proxy; half of all when absent. */
  readonly connectionsPerAddress?: number | undefined;
  /** Addresses and networks of proxies, whose connections are of many senders. */
  readonly trustedProxies?: readonly string[];
}

export interface Listen {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** HTTPS with these files, and nothing but that. */
  readonly tls?: TlsFiles;
}

/** What a server takes upon itself; each by what the machine has, or by a safe default, when absent. */
export interface ServerLimits {
  /** When the process takes nothing new. */
  readonly pressure?: PressureLimits;
  /** Bytes that all bodies may take together. */
  readonly bodyBytes?: number;
  /** How slowly a body may come. */
  readonly bodyRate?: BodyRate;
  readonly connections?: Partial<ConnectionLimits>;
  /** Milliseconds that a batch waits for its turn once its body is there; 2 s when absent. */
  readonly slotWait?: number;
  /** Milliseconds that a stop gives the requests in flight; 5 s when absent. */
  readonly finish?: number;
  /** Milliseconds after which a connection on which nothing moves is closed. */
  readonly silence?: number;
  /** Milliseconds for a handshake of TLS; 10 s when absent. */
  readonly handshake?: number;
  /** Milliseconds between two looks at the files of TLS. */
  readonly certificateLook?: number;
}

export interface Server {
  /** `http://127.0.0.1:8080` */
  readonly address: string;
  /** Takes no new request, and finishes those in flight: within 5 s. */
  stop(): Promise<void>;
}

/** A batch that has waited so long would be answered late, and so would all behind it: its sender hears that instead. */
const SLOT_WAIT = 2_000;
/** Milliseconds that a stop gives the requests in flight. */
const FINISH_WITHIN = 5_000;
/** Milliseconds between two looks for connections that have become idle. */
const IDLE = 20;
/** Milliseconds in which a stop still reads what is on its way over open connections: its senders are told, not cut off. */
const ON_ITS_WAY = 50;

/**
 * Serves routes and health. Resolves once the port listens; rejects with PORT_IN_USE, CANNOT_LISTEN or
 * CANNOT_USE_CERTIFICATE.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { health, clock, log, limits = {} } = options;
  let stopping = false;
  const probes = healthRoutes(withOwn(health));
  const routes = [...options.routes, ...probes];
  const { tls } = options.listen;
  const identity = tls === undefined ? undefined : readIdentity(tls);
  const open = new Set(probes.map(({ path }) => path));
  const isBarred = tls?.clientAuthority === undefined ? () => false : lacksCertificate(open);
  const doorway = doorwayOf(options.gate, routes, isBarred);
  const app = createFastify(
    log,
    allowedMethods(routes),
    options.gate ?? { origins: new Set() },
    doorway.arrive,
    limits.silence,
    identity && tlsServerOptions(identity, tls, limits.handshake),
  );
  const most = mostConnections(options.ownConnections);
  const connections = watchConnections(
    app.server,
    {
      most,
      perAddress: options.connectionsPerAddress ?? shareOfAddress(most),
      isProxy: isAmong(options.trustedProxies ?? []),
      ...CONNECTION_LIMITS,
      ...limits.connections,
    },
    log,
  );
  app.addHook('onClose', (_app, done) => {
    connections.stop();
    done();
  });
  if (tls?.clientAuthority !== undefined) requireClientCertificates(app, isBarred);
  const watch = watchBodies(limits.bodyRate ?? BODY_RATE, clock);
  const budget = bodyBudget(limits.bodyBytes ?? budgetBytes(largestBody(routes)));
  const isUnderPressure = guardAgainstPressure(app, limits.pressure ?? pressureLimits());
  addRoutes(app, routes, {
    bodies: { budget, watch, clock },
    stopping: () => stopping,
    doorway,
    slotWait: limits.slotWait ?? SLOT_WAIT,
  });
  const address = await listen(app, options.listen);
  const closing = new AbortController();
  if (tls !== undefined && identity !== undefined) {
    const every = limits.certificateLook ?? LOOK_EVERY;
    const server = app.server as unknown as TlsServer;
    void watchIdentity({ files: tls, server, first: identity, clock, log, signal: closing.signal, every });
  }

  function withOwn({ reasons, degraded }: Health): Health {
    return {
      degraded,
      async reasons() {
        const found = await reasons();
        return [
          ...(stopping ? [{ check: 'stopping', message: 'the server stops' }] : []),
          ...(isUnderPressure() ? [{ check: 'pressure', message: 'the process is under pressure' }] : []),
          ...found,
        ];
      },
    };
  }

  const stop = async (): Promise<void> => {
    stopping = true;
    closing.abort();
    const served = new AbortController();
    void clock.sleep(limits.finish ?? FINISH_WITHIN, served.signal).then(() => connections.destroyAll());
    await clock.sleep(ON_ITS_WAY, served.signal);
    void closeIdleConnections(app, clock, served.signal);
    await app.close();
    watch.stop();
    served.abort();
  };
  let stopped: Promise<void> | undefined;
  return { address, stop: () => (stopped ??= stop()) };
}

/** A client that has no certificate may still ask a probe, so the handshake lets it in and the request is refused. */
function tlsServerOptions(
  { options }: Identity,
  files: TlsFiles | undefined,
  handshake: number | undefined,
): TlsServerOptions {
  const asks = files?.clientAuthority !== undefined;
  const within = handshake === undefined ? {} : { handshakeTimeout: handshake };
  return { ...options, ...within, ...(asks ? { requestCert: true, rejectUnauthorized: false } : {}) };
}

/** Bytes of the largest body that may come. */
function largestBody(routes: readonly Route[]): number {
  return Math.max(0, ...routes.map((route) => (route.method === 'POST' ? route.body.limit() : 0)));
}

/** A connection that answered its last request after the stop began would otherwise be kept alive. */
async function closeIdleConnections(app: FastifyInstance, clock: Clock, done: AbortSignal): Promise<void> {
  while (!done.aborted) {
    app.server.closeIdleConnections();
    await clock.sleep(IDLE, done);
  }
}

async function listen(app: FastifyInstance, { port, host }: Listen): Promise<string> {
  try {
    return await app.listen({ port, host });
  } catch (error) {
    await app.close();
    throw listenFailure(error, { port, host });
  }
}
