import type { Health, Reason } from '../../http/health.ts';
import type { Route } from '../../http/route.ts';
import { keepsRefused } from '../../plan/keeps-refused.ts';
import type { Plan, RolePlan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Queue } from '../../ports/queue.ts';
import type { SecretValues } from '../../ports/secrets.ts';
import type { Store } from '../../ports/store.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { passOnTraces, type Tracing } from '../../ports/tracing.ts';
import type { Failure } from '../../ports/failure.ts';
import { startPresence } from '../presence/presence.ts';
import { storeForbidsIngest, storeRefuses } from '../readiness/ask-servers.ts';
import { lockedOut } from '../readiness/locked-out.ts';
import { queueTakes } from '../readiness/queue-takes.ts';
import { watchStandstill } from '../readiness/standstill.ts';
import { startAcceptedLog } from './accepted-log.ts';
import { batchLimits } from './accept-batch.ts';
import { startKeyBindings } from './key-bindings.ts';
import { startLossCheck } from './loss-check.ts';
import { messageIds } from './message-id.ts';
import { startPublishing } from './publishing.ts';
import { keptRefusals } from './kept-refusals.ts';
import { ingestRoutes } from './routes.ts';
import { routesOf } from './routes-of.ts';
import { sentAgain } from './sent-again.ts';
import { statusRoute } from './status-route.ts';

export interface IngestOptions {
  readonly plan: Plan;
  readonly role: RolePlan;
  readonly queue: Queue;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  /** Makes spans of requests; none when absent. */
  readonly tracing?: Tracing;
  /** Why the servers are not what the role needs yet; undefined once they are. Until then no message is taken. */
  readonly unproven: () => string | undefined;
  /** For entities with `signed by`; without any, their requests are refused. */
  readonly secrets?: SecretValues;
  /** How often lost messages are looked for; every 10 s when absent. */
  readonly lossCheck?: { readonly every: number };
}

export interface Ingest {
  readonly routes: readonly Route[];
  readonly health: Health;
  /** `served` resolves once no request is in flight. Writes the statuses of what was accepted: within 5 s after that. */
  stop(served: Promise<void>): Promise<void>;
}

/** Milliseconds of a stop: for clients that no longer wait, for the statuses, and to say goodbye. */
const STOP = { publishing: 1_000, statuses: 3_000, goodbye: 500 };

/** Milliseconds without an answer of the queue after which it is told: where somebody's lock is the reason, and where nobody knows one. */
const STANDS_STILL = 3_000;
const SILENT = 10_000;

/** Accepts messages: gives what an HTTP server has to serve for that. */
export function startIngest(options: IngestOptions): Ingest {
  const { plan, role, queue, store, clock, log, telemetry, unproven } = options;
  const { settings } = role;
  const takes = queueTakes(queue, plan, clock);
  const { publisher } = takes;
  const publishing = startPublishing(publisher, settings.publishWindow, clock);
  const accepted = startAcceptedLog(plan.pipeline, store, clock, log);
  const bindings = startKeyBindings(plan.pipeline, store, clock, log);
  const losses = startLossCheck({ plan, queue, store, clock, log, ...options.lossCheck });
  // A role that works messages too is announced as a worker.
  const presence =
    role.consumes.length > 0 ? undefined : startPresence({ plan, role, consumes: false, store, clock, log });
  // What the queue takes is only known once it is connected.
  const messageLimit = () => Math.min(settings.bodyLimit, publisher.maxBody ?? Infinity);

  const stopping = new AbortController();
  /** Why statements of this role wait. */
  let standstill: string | undefined;
  // A look may take seconds, and nobody waits for it at the end.
  void watchStandstill({
    ...{ store, clock, signal: stopping.signal },
    stands({ code, message }: Failure) {
      if (standstill === undefined) log.warn({ code, reason: message }, 'statements stand still');
      standstill = message;
    },
    goesOn() {
      log.info({}, 'statements go on');
      standstill = undefined;
    },
  });
  /** Why the queue answers no message. A probe that asks it something else may be answered all the same. */
  const silence = (): Reason | undefined => {
    const silentFor = publishing.silentFor();
    if (silentFor > STANDS_STILL && standstill !== undefined) return { check: 'queue', message: standstill };
    const seconds = Math.round(silentFor / 1_000);
    return silentFor > SILENT
      ? { check: 'queue', message: `the queue has answered no message for ${seconds} s` }
      : undefined;
  };

  const locks = lockedOut(store, { kind: 'ingest', tables: [], queueHere: queue.inStore }, clock);
  const askStore = storeRefuses(store, clock);
  const askRights = storeForbidsIngest(
    store,
    { queueHere: queue.inStore, keepsRefused: keepsRefused(plan) },
    clock,
  );
  return {
    routes: [
      ...ingestRoutes({
        pipeline: plan.pipeline,
        entities: routesOf(plan, role, options.secrets ?? (() => [])),
        acceptance: {
          pipeline: plan.pipeline,
          publishing,
          accepted,
          bindings,
          again: sentAgain(plan.pipeline, store, clock, log),
          refusals: keptRefusals({ store, clock, telemetry, log }),
        },
        limits: batchLimits(messageLimit, settings.publishWindow),
        batchBytes: settings.batchLimit,
        onTooLarge() {
          // Where body_limit is the smaller one, no other limit of the queue lets the message in.
          if (messageLimit() < settings.bodyLimit) publisher.lookAtLimit?.();
        },
        takesNone() {
          const reason = publisher.tooLow?.();
          if (reason !== undefined) publisher.lookAtLimit?.();
          return reason;
        },
        newId: messageIds(() => clock.now()),
        unproven,
        clock,
        telemetry,
        tracing: options.tracing ?? passOnTraces,
      }),
      statusRoute(plan.pipeline, store, accepted, clock),
    ],
    health: {
      // Once all is verified, Postgres may be away.
      reasons: async (patience) =>
        reasonsOf([
          Promise.resolve(silence()),
          takes.refuses(patience),
          locks.refuses(patience),
          ...(unproven() === undefined ? [] : [askStore(patience)]),
        ]),
      // Messages are taken all the same: statuses and keys wait until Postgres is back and takes writes.
      async degraded() {
        const [away, forbidden, locked] = await Promise.all([askStore(), askRights(), locks.worries()]);
        // One that does not answer tells nothing of rights.
        return [away ?? forbidden, locked, takes.worry(), losses.worry()].filter(
          (reason) => reason !== undefined,
        );
      },
    },
    async stop(served) {
      const gone = presence?.stop();
      losses.stop();
      await served;
      const published = new AbortController();
      await Promise.race([publishing.idle(), clock.sleep(STOP.publishing, published.signal)]);
      published.abort();
      bindings.stop();
      stopping.abort();
      const left = await accepted.stop(STOP.statuses);
      const said = new AbortController();
      await Promise.race([gone, clock.sleep(STOP.goodbye, said.signal)]);
      said.abort();
      if (left > 0) log.warn({ left }, 'accepted statuses were not recorded; the worker writes them');
    },
  };
}

async function reasonsOf(asked: readonly Promise<Reason | undefined>[]): Promise<readonly Reason[]> {
  return (await Promise.all(asked)).filter((reason) => reason !== undefined);
}
