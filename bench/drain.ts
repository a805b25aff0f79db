import { pinoLog } from '../src/adapters/pino-log.ts';
import { openStore } from '../src/adapters/postgres/store.ts';
import { applyTables } from '../src/roles/setup/apply-tables.ts';
import type { Bench } from './bench.ts';
import { startChild } from './child.ts';
import { outgoing, withEmptyStream } from './messages.ts';

export interface Drained {
  /** Seconds from the worker's start to the last row. */
  readonly seconds: number;
  /** The worker process's highest resident memory, in MB. */
  readonly memory: number;
}

const DONE = `SELECT count(*)::int AS messages FROM message_status WHERE status = 'completed'`;
const ROWS =
  'SELECT (SELECT count(*) FROM orders)::int AS orders, (SELECT count(*) FROM order_line_items)::int AS lines';

/** (b) One worker process drains the orders, which wait in JetStream. */
export function drain({ root, file, plan, orders, natsUrl, withDatabase }: Bench): Promise<Drained> {
  return withDatabase((databaseUrl) =>
    withEmptyStream(natsUrl, plan, async (queue) => {
      const store = openStore({ url: databaseUrl, max: 1, log: pinoLog({ level: 'silent' }) });
      try {
        await applyTables(store, plan);
        const outcomes = await queue.publisher().publish(outgoing(plan, orders));
        if (outcomes.some((outcome) => outcome.kind !== 'stored')) throw new Error('an order was not stored');
        const worker = await startChild(
          [`${root}/bin/nomnom`, 'run', file, '--role=worker'],
          { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'info' },
          /worker started/,
        );
        try {
          for (;;) {
            const { rows } = await store.query({ text: DONE });
            if (Number(rows[0]?.['messages']) >= orders.length) break;
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
          const seconds = (performance.now() - worker.readyAt) / 1000;
          const { rows } = await store.query({ text: ROWS });
          if (Number(rows[0]?.['orders']) !== orders.length) throw new Error('rows are missing');
          return { seconds, memory: worker.peakMemory() };
        } finally {
          await worker.stop();
        }
      } finally {
        await store.close();
      }
    }),
  );
}
