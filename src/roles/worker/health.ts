import type { Health, Reason } from '../../http/health.ts';
import type { TablePlan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';
import { type Question, queueAway, storeForbidsWorker, storeRefuses } from '../readiness/ask-servers.ts';
import type { Worker } from './worker.ts';

export interface WorkerHealthOptions {
  /** Undefined until it starts. */
  readonly worker: () => Worker | undefined;
  readonly queue: Queue;
  readonly store: Store;
  /** Those that it writes. */
  readonly tables: readonly TablePlan[];
  readonly clock: Clock;
}

/**
 * A worker can do its job where it is not paused, and could fetch and write now, also while there is nothing to do. It is
 * degraded where it lacks a right of which no message needs anything yet.
 */
export function workerHealth({ worker, queue, store, tables, clock }: WorkerHealthOptions): Health {
  const forbidden = storeForbidsWorker(store, tables, clock);
  const questions = [queueAway(queue, clock), storeRefuses(store, clock)];
  return {
    async reasons() {
      const state = worker()?.state();
      if (state?.kind === 'paused')
        return [{ check: 'worker', message: state.reason }, ...(await told([forbidden]))];
      return told(questions);
    },
    degraded: () => told([forbidden]),
  };
}

async function told(questions: readonly Question[]): Promise<readonly Reason[]> {
  const found = await Promise.all(questions.map((ask) => ask()));
  return found.filter((reason) => reason !== undefined);
}
