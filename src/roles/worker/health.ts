import type { Health } from '../../http/health.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';
import { queueAway, storeRefuses } from '../readiness/ask-servers.ts';
import type { Worker } from './worker.ts';

export interface WorkerHealthOptions {
  /** Undefined until it starts. */
  readonly worker: () => Worker | undefined;
  readonly queue: Queue;
  readonly store: Store;
  readonly clock: Clock;
}

/** A worker can do its job where it is not paused, and could fetch and write now, also while there is nothing to do. */
export function workerHealth({ worker, queue, store, clock }: WorkerHealthOptions): Health {
  const questions = [queueAway(queue, clock), storeRefuses(store, clock)];
  return {
    async reasons() {
      const state = worker()?.state();
      if (state?.kind === 'paused') return [{ check: 'worker', message: state.reason }];
      const found = await Promise.all(questions.map((ask) => ask()));
      return found.filter((reason) => reason !== undefined);
    },
    degraded: () => Promise.resolve([]),
  };
}
