/**
 * graphile-worker, a job and a transaction for each message, with its local queue and its batches of completions.
 *
 * Tuned: 4, 8 and 16 at once were equally fast, within what the machine varies; so was holding completions back or not.
 */
import { Logger, run } from 'graphile-worker';
import { Pool } from 'pg';
import type { Order } from '../hand-written/order.ts';
import { required, tuned } from '../hand-written/settings.ts';
import { inTransaction } from '../hand-written/transaction.ts';
import { upsertOrders } from '../hand-written/unnest-orders.ts';

const inFlight = tuned('IN_FLIGHT', 8);
/** What the jobs hold, and what graphile-worker itself asks. */
const pool = new Pool({ connectionString: required('DATABASE_URL'), max: inFlight + 2 });
let left = Number(required('MESSAGES'));
process.on('SIGTERM', () => process.exit(0));
console.log('ready');
const runner = await run({
  pgPool: pool,
  noHandleSignals: true,
  // Not a line for each job.
  logger: new Logger(() => () => {}),
  taskList: {
    order: async (payload) => inTransaction(pool, (client) => upsertOrders(client, [payload as Order])),
  },
  preset: {
    worker: {
      concurrentJobs: inFlight,
      localQueue: { size: tuned('BATCH', 500) },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  },
});
runner.events.on('job:complete', () => {
  left -= 1;
  // Stopping writes the completions that are still held back.
  if (left === 0) void runner.stop().then(() => console.log('drained'));
});
