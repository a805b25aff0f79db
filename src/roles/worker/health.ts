import type { Health, Reason } from '../../http/health.ts';
import type { Plan, RolePlan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';
import {
  type Question,
  storeForbidsAllWork,
  storeForbidsWorker,
  storeRefuses,
} from '../readiness/ask-servers.ts';
import { lockedOut } from '../readiness/locked-out.ts';
import { queueDelivers } from '../readiness/queue-delivers.ts';
import type { Worker } from './worker.ts';

export interface WorkerHealthOptions {
  /** Undefined until it starts. */
  readonly worker: () => Worker | undefined;
  readonly queue: Queue;
  readonly store: Store;
  readonly plan: Plan;
  readonly role: RolePlan;
  readonly clock: Clock;
}

/**
 * A worker can do its job where it is not paused, and could fetch, write and settle some message now, also while there is nothing to
 * do. It is degraded where it lacks a right that only some messages need, or a table is locked, and none has needed that yet.
 */
export function workerHealth({ worker, queue, store, plan, role, clock }: WorkerHealthOptions): Health {
  const { tables } = plan;
  const consumed = new Set(role.consumes.flatMap((consume) => consume.entities));
  const entities = plan.entities.filter(({ name }) => consumed.has(name));
  const forbidden = storeForbidsWorker(store, tables, queue.inStore, clock);
  const delivers = queueDelivers(queue, plan, clock);
  const locks = lockedOut(store, { kind: 'worker', tables, queueHere: queue.inStore }, clock);
  const questions = [
    delivers.refuses,
    storeRefuses(store, clock),
    storeForbidsAllWork(store, tables, entities, queue.inStore, clock),
    locks.refuses,
  ];
  return {
    async reasons(patience) {
      const state = worker()?.state();
      if (state?.kind === 'paused')
        return [{ check: 'worker', message: state.reason }, ...(await told([forbidden], patience))];
      return told(questions, patience);
    },
    degraded: () => told([forbidden, locks.worries, delivers.worries]),
  };
}

async function told(questions: readonly Question[], patience?: number): Promise<readonly Reason[]> {
  const found = await Promise.all(questions.map((ask) => ask(patience)));
  return found.filter((reason) => reason !== undefined);
}
