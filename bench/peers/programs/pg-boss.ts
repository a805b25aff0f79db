/**
 * pg-boss, with the same statements as `unnest.ts`; jobs are completed in the transaction of their rows.
 *
 * Tuned: 1000 × 2, 500 × 4 and 2000 × 2 took the same processor time. No job has a priority, so none is asked for.
 */
import PgBoss from 'pg-boss';
import { Pool } from 'pg';
import type { Order } from '../hand-written/order.ts';
import { required, tuned } from '../hand-written/settings.ts';
import { inTransaction } from '../hand-written/transaction.ts';
import { upsertOrders } from '../hand-written/unnest-orders.ts';

const inFlight = tuned('IN_FLIGHT', 2);
const batchSize = tuned('BATCH', 1000);
const connectionString = required('DATABASE_URL');
const pool = new Pool({ connectionString, max: inFlight });
const boss = new PgBoss({ connectionString, max: inFlight, supervise: false, schedule: false });
await boss.start();
process.on('SIGTERM', () => process.exit(0));
console.log('ready');
let left = Number(required('MESSAGES'));
const lane = async (): Promise<void> => {
  while (left > 0) {
    const jobs = await boss.fetch<Order>('orders', { batchSize, priority: false });
    if (jobs.length === 0) continue;
    await inTransaction(pool, async (client) => {
      await upsertOrders(
        client,
        jobs.map((job) => job.data),
      );
      await boss.complete(
        'orders',
        jobs.map((job) => job.id),
        { db: { executeSql: (text, values) => client.query(text, values) } },
      );
    });
    left -= jobs.length;
  }
};
await Promise.all(Array.from({ length: inFlight }, lane));
console.log('drained');
