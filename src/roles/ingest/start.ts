import type { FastifyInstance } from 'fastify';
import { v7 } from 'uuid';
import type { Plan, RolePlan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import type { Difference, Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';
import { startPresence } from '../presence/presence.ts';
import { verify } from '../setup/verify.ts';
import { startAcceptedLog } from './accepted-log.ts';
import { batchLimits } from './accept-batch.ts';
import { bodyBudget, budgetBytes } from './body-budget.ts';
import { BODY_RATE, type BodyRate, watchBodies } from './body-rate.ts';
import { serversDown, storeReadOnly, type Reason } from './health.ts';
import { addHealthRoutes } from './health-routes.ts';
import { addIngestRoutes } from './ingest-routes.ts';
import { startKeyBindings } from './key-bindings.ts';
import { startLossCheck } from './loss-check.ts';
import { guardAgainstPressure, type PressureLimits, pressureLimits } from './pressure.ts';
import { startPublishing } from './publishing.ts';
import { watchReadiness } from './readiness-watch.ts';
import { routesOf } from './routes-of.ts';
import { sentAgain } from './sent-again.ts';
import { createServer } from './server.ts';
import { addStatusRoute } from './status-route.ts';
import { startVerification } from './verification.ts';

export interface IngestOptions {
  readonly plan: Plan;
  readonly role: RolePlan;
  readonly queue: Queue;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 takes a free one. */
  readonly port: number;
  /** All interfaces when absent. */
  readonly host?: string;
  /** Makes a new message id, a UUID; when absent a UUIDv7 greater than all before it of this process. */
  readonly newId?: () => string;
  /** Compares the live servers with the plan; `verify` of tables and queue when absent. */
  readonly differences?: () => Promise<readonly Difference[]>;
  /** Further reasons for which the role is not ready, although it takes messages; none when absent. */
  readonly notReady?: () => readonly Reason[];
  /** How often lost messages are looked for; every 10 s when absent. */
  readonly lossCheck?: { readonly every: number };
  /** When the process takes nothing new; by what the machine has when absent. */
  readonly pressure?: PressureLimits;
  /** Bytes that all bodies may take together; by what the machine has when absent. */
  readonly bodyBytes?: number;
  /** How slowly a body may come; `BODY_RATE` when absent. */
  readonly bodyRate?: BodyRate;
  /** Milliseconds after which a connection on which nothing moves is closed; 90 s when absent. */
  readonly silence?: number;
}

export interface Ingest {
  /** `http://127.0.0.1:8080` */
  readonly address: string;
  /** Takes no new request, finishes those in flight, writes their statuses: within 10 s. */
  stop(): Promise<void>;
}

/** Milliseconds of a stop: for requests in flight, for what clients no longer wait for, for the statuses, and to say goodbye. */
const STOP = { requests: 5_000, publishing: 1_000, statuses: 3_000, goodbye: 500 };

/**
 * Serves the ingest role. Resolves once the port listens; rejects with a `Failure` when the port is taken, or when
 * a live server differs from the plan: then its message is the refusal with both values. A server that cannot be
 * reached does not stop the start: the role listens, answers 503, and is ready once the servers are proven.
 */
export async function startIngest(options: IngestOptions): Promise<Ingest> {
  const { plan, role, queue, store, clock, log } = options;
  const { settings } = role;
  const verification = await startVerification(
    plan.file,
    options.differences ?? (() => verify(store, queue, plan)),
    clock,
    log,
  );
  const publisher = queue.publisher();
  const publishing = startPublishing(publisher, settings.publishWindow, clock);
  const accepted = startAcceptedLog(plan.pipeline, store, clock, log);
  const bindings = startKeyBindings(plan.pipeline, store, clock, log);
  // What the queue takes is only known once it is connected.
  const messageLimit = () => Math.min(settings.bodyLimit, publisher.maxBody ?? Infinity);
  let stopping = false;

  const closed = (): Reason | undefined => {
    if (stopping) return { check: 'stopping', message: 'the server stops' };
    const unproven = verification.unproven();
    return unproven === undefined ? undefined : { check: 'verification', message: unproven };
  };
  const app = createServer(log, options.silence);
  const watch = watchBodies(options.bodyRate ?? BODY_RATE, clock);
  guardAgainstPressure(app, options.pressure ?? pressureLimits());
  addIngestRoutes(app, {
    pipeline: plan.pipeline,
    routes: routesOf(plan, role),
    acceptance: { publishing, accepted, bindings, again: sentAgain(plan.pipeline, store, clock, log) },
    limits: batchLimits(messageLimit, settings.publishWindow),
    batchBytes: settings.batchLimit,
    bodies: { budget: bodyBudget(options.bodyBytes ?? budgetBytes(settings.batchLimit)), watch, clock },
    newId: options.newId ?? (() => v7()),
    closed,
    clock,
    log,
  });
  addStatusRoute(app, store, accepted);
  const losses = startLossCheck({ plan, queue, store, clock, log, ...options.lossCheck });
  const down = () => serversDown(queue, plan, store, clock);
  addHealthRoutes(app, {
    async reasons() {
      const reason = closed();
      const found = await down();
      const pressed: readonly Reason[] = app.isUnderPressure()
        ? [{ check: 'pressure', message: 'the process is under pressure' }]
        : [];
      const further = options.notReady?.() ?? [];
      return [...(reason === undefined ? [] : [reason]), ...pressed, ...found, ...further];
    },
    async degraded() {
      const readOnly = await storeReadOnly(store, clock);
      return [readOnly, losses.worry()].filter((reason) => reason !== undefined);
    },
  });

  const address = await listen(app, options.port, options.host ?? '0.0.0.0').catch((error: unknown) => {
    verification.stop();
    losses.stop();
    throw error;
  });
  log.info({ address, role: role.name }, 'listening');
  // A role that works messages too is announced as a worker.
  const presence =
    role.consumes.length > 0 ? undefined : startPresence({ plan, role, consumes: false, store, clock, log });
  const watching = new AbortController();
  void watchReadiness(down, clock, log, watching.signal);

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    stopping = true;
    verification.stop();
    const gone = presence?.stop();
    watching.abort();
    losses.stop();
    const served = new AbortController();
    void clock.sleep(STOP.requests, served.signal).then(() => app.server.closeAllConnections());
    void closeIdleConnections(app, clock, served.signal);
    await app.close();
    watch.stop();
    served.abort();
    const published = new AbortController();
    await Promise.race([publishing.idle(), clock.sleep(STOP.publishing, published.signal)]);
    published.abort();
    bindings.stop();
    const left = await accepted.stop(STOP.statuses);
    const said = new AbortController();
    await Promise.race([gone, clock.sleep(STOP.goodbye, said.signal)]);
    said.abort();
    if (left > 0) log.warn({ left }, 'accepted statuses were not recorded; the worker writes them');
    log.info({}, 'stopped');
  };
  return { address, stop: () => (stopped ??= stop()) };
}

/** A connection that answered its last request after the stop began would otherwise be kept alive. */
async function closeIdleConnections(app: FastifyInstance, clock: Clock, done: AbortSignal): Promise<void> {
  while (!done.aborted) {
    app.server.closeIdleConnections();
    await clock.sleep(20, done);
  }
}

async function listen(app: FastifyInstance, port: number, host: string): Promise<string> {
  try {
    return await app.listen({ port, host });
  } catch (error) {
    await app.close();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new Failure('PORT_IN_USE', String(port), { cause: error });
    }
    throw error;
  }
}
