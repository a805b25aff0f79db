import { pinoLog } from '../src/adapters/pino-log.ts';
import { openStore } from '../src/adapters/postgres/store.ts';
import { applyTables } from '../src/roles/setup/apply-tables.ts';
import type { Bench } from './bench.ts';
import { type Child, startChild } from './child.ts';
import { outgoing, withEmptyStream } from './messages.ts';
import { processorTime } from './peers/processor-time.ts';

export interface Drained {
  /** Seconds from the worker's start to the last acknowledgement. */
  readonly seconds: number;
  /** The worker process's highest resident memory, in MB. */
  readonly memory: number;
  /** Seconds of processor in that time. */
  readonly processor: number;
  /** What the worker had said when it ended. */
  readonly said: Child['said'];
}

/** What is drained, where that is not simply the orders. */
export interface Draining {
  readonly bodies?: readonly string[];
  /** Run on the new tables before anything is sent. */
  readonly prepare?: string;
  /** Messages that must end as dead letters; all others must be completed. */
  readonly dead?: number;
  /** For the Node of the worker. */
  readonly nodeFlags?: readonly string[];
}

const ENDED = `SELECT
  count(*) FILTER (WHERE status = 'completed')::int AS completed,
  count(*) FILTER (WHERE status = 'dlq')::int AS dead,
  (SELECT count(*) FROM orders)::int AS orders
FROM message_status`;

/** Milliseconds between looks at the queue, which cost the worker's servers next to nothing. */
const LOOK = 20;

/** (b) One worker process drains the orders, which wait in JetStream. */
export function drain(
  { program, file, plan, orders, natsUrl, withDatabase }: Bench,
  { bodies = orders, prepare, dead = 0, nodeFlags = [] }: Draining = {},
): Promise<Drained> {
  const consumes = plan.roles.flatMap((role) => role.consumes);
  return withDatabase((databaseUrl) =>
    withEmptyStream(natsUrl, plan, async (queue) => {
      const store = openStore({ url: databaseUrl, max: 1, log: pinoLog({ level: 'silent' }) });
      const consumers = await Promise.all(consumes.map((consume) => queue.consumer(consume)));
      const isDrained = async (): Promise<boolean> => {
        for (const consumer of consumers) {
          // That of a partition is made anew when the worker takes it.
          const pending = await consumer.pending().catch(() => 1);
          if (pending > 0) return false;
        }
        return true;
      };
      try {
        await applyTables(store, plan);
        if (prepare !== undefined) await store.sql.query({ text: prepare });
        const outcomes = await queue.publisher().publish(outgoing(plan, bodies));
        if (outcomes.some((outcome) => outcome.kind !== 'stored')) throw new Error('an order was not stored');
        const worker = await startChild(
          [...nodeFlags, program, 'run', file, '--role=worker'],
          { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'info' },
          /worker started/,
        );
        try {
          const before = processorTime(worker.pid);
          while (!(await isDrained())) await new Promise((resolve) => setTimeout(resolve, LOOK));
          const seconds = (performance.now() - worker.readyAt) / 1000;
          const processor = processorTime(worker.pid) - before;
          const found = (await store.sql.query({ text: ENDED })).rows[0];
          const completed = bodies.length - dead;
          if (found?.['completed'] !== completed || found['orders'] !== completed || found['dead'] !== dead)
            throw new Error(`${completed} orders and ${dead} dead letters became ${JSON.stringify(found)}`);
          return { seconds, memory: worker.peakMemory(), processor, said: worker.said };
        } finally {
          await worker.stop();
        }
      } finally {
        for (const consumer of consumers) await consumer.close();
        await store.close();
      }
    }),
  );
}
