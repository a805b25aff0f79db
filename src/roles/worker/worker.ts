import pLimit from 'p-limit';
import type { Plan, RolePlan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { startPresence } from '../presence/presence.ts';
import { watchStandstill } from '../readiness/standstill.ts';
import { withRetries } from './fail/with-retries.ts';
import { evaluator } from './receive/evaluate.ts';
import { publishDead } from './fail/dead-letters.ts';
import { newEvidence } from './fail/evidence.ts';
import { freeOrder } from './receive/free-order.ts';
import { runFreeLane } from './receive/free-lane.ts';
import { unpublishedDeadLetters } from './fail/unpublished-dead-letters.ts';
import type { MessageLease } from './message-lease.ts';
import type { Receiving } from './receive/receiving.ts';
import { leftNotes } from './write/left-notes.ts';
import { runPartitionShare } from './receive/partition-share.ts';
import { newPauses } from './fail/pauses.ts';
import { tellingChanges } from './receive/program-age.ts';
import { newConflictOrder } from './write/conflict-order.ts';
import { writePlan } from './write-plan.ts';

export interface WorkerOptions {
  readonly plan: Plan;
  readonly role: RolePlan;
  readonly queue: Queue;
  /** Needs a connection for each batch in flight; see `role.settings.concurrency`. */
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
}

export interface Worker {
  /** Finishes what it holds, or gives it back to the queue, within 10 s; resolves then. Safe to call twice. */
  stop(): Promise<void>;
  state(): WorkerState;
  /** Resolves when the worker has stopped; rejects when it ended by a bug, which must end the process. */
  readonly ended: Promise<void>;
}

export type WorkerState =
  | { readonly kind: 'running' }
  /** Waits for something outside: not ready, continues by itself once that is fixed. */
  | { readonly kind: 'paused'; readonly reason: string }
  | { readonly kind: 'stopped' };

/** Milliseconds after which a stop gives back what is still worked on: with the goodbyes to silent servers it ends within 10 s. */
const STOP_DEADLINE = 6_000;
/** Milliseconds that Postgres has to hear that the worker is gone. */
const GOODBYE = 500;

/** Starts to consume. The caller has verified tables and queue, and ends store and queue after `stop`. */
export function startWorker({ plan, role, queue, store, clock, log, telemetry }: WorkerOptions): Worker {
  const stopping = new AbortController();
  const pauses = newPauses(clock, telemetry);
  const leases = new Set<MessageLease>();
  const write = writePlan(plan);
  const publisher = queue.publisher();
  const presence = startPresence({ plan, role, consumes: true, waits: pauses.reason, store, clock, log });
  const { programs } = presence;
  const { signal } = stopping;
  const unpublished = unpublishedDeadLetters({ publisher, clock, log, telemetry, signal });
  const { deadLetter, settings } = role;
  const context: Receiving = {
    clock,
    log,
    pauses,
    signal,
    plan,
    settings,
    store,
    telemetry,
    evidence: newEvidence({ write, clock, pauses }),
    order: freeOrder,
    publishDead: (dead) => publishDead({ deadLetter, publisher, unpublished }, dead),
    write,
    programs,
    notes: leftNotes(plan.program, clock, log),
    evaluate: tellingChanges(evaluator(plan), plan.program, programs),
    conflictOrder: newConflictOrder(write),
  };
  let stopped = false;
  const ended = run().finally(() => {
    stopped = true;
    void presence.stop();
    telemetry.record({ kind: 'worker-stopped', role: role.name });
  });

  async function run(): Promise<void> {
    const orStop = async (work: Promise<void>): Promise<void> => {
      try {
        await work;
      } catch (error) {
        stopping.abort();
        throw error;
      }
    };
    // Without its own place among the programs the worker could not tell an older message from a newer one.
    const announced = await withRetries(context, presence.announce);
    if (announced.kind === 'fault') throw announced.failure;
    const lanes = role.consumes
      .filter(({ partition }) => partition === undefined)
      .flatMap((consume) => {
        const shared = { queue, consume, fetching: pLimit(1), leases };
        return Array.from({ length: Math.max(1, role.settings.concurrency) }, () =>
          orStop(runFreeLane(context, shared)),
        );
      });
    const groups = Map.groupBy(
      role.consumes.filter(({ partition }) => partition !== undefined),
      ({ partition }) => partition?.group,
    );
    for (const consumes of groups.values()) {
      lanes.push(orStop(runPartitionShare(context, { queue, consumes, leases })));
    }
    telemetry.record({ kind: 'worker-started', role: role.name, lanes: lanes.length });
    const lanesEnded = new AbortController();
    // It does not hold the others back: they may write other tables.
    const standstill = pauses.open();
    const watch = {
      ...{ store, clock, signal: AbortSignal.any([signal, lanesEnded.signal]) },
      stands: (why: Failure) => standstill.because(why, false),
      goesOn: () => standstill.end(),
    };
    let bug: { readonly reason: unknown } | undefined;
    // A look may take seconds, and nobody waits for it at the end.
    orStop(watchStandstill(watch)).catch((reason: unknown) => (bug = { reason }));
    const outcomes = await Promise.allSettled(lanes);
    lanesEnded.abort();
    standstill.end();
    if (bug !== undefined) throw bug.reason;
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  return {
    ended,
    async stop() {
      stopping.abort();
      const gone = presence.stop();
      const finished = new AbortController();
      const inTime = await Promise.race([
        ended.then(
          () => true,
          () => true,
        ),
        clock.sleep(STOP_DEADLINE, finished.signal).then(() => false),
      ]);
      if (inTime) await Promise.race([gone, clock.sleep(GOODBYE, finished.signal)]);
      finished.abort();
      if (inTime) return;
      stopped = true;
      await Promise.race([Promise.all([...leases].map((lease) => lease.end())), clock.sleep(1_000)]);
    },
    state() {
      if (stopped) return { kind: 'stopped' };
      const reason = pauses.reason();
      return reason === undefined ? { kind: 'running' } : { kind: 'paused', reason };
    },
  };
}
