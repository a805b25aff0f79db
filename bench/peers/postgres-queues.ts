import { makeWorkerUtils } from 'graphile-worker';
import PgBoss from 'pg-boss';
import { pinoLog } from '../../src/adapters/pino-log.ts';
import { openPostgresQueue } from '../../src/adapters/postgres-queue/queue.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { outgoing } from '../messages.ts';
import type { Queue } from './waiting-orders.ts';

/** Jobs of one call that fills a queue, which is not measured. */
const FILL = 1000;

/** To count messages again and again would cost a third of what is measured; what they hold is known, to the byte. */
const HELD = { text: 'SELECT sum(bytes)::int8 AS bytes FROM nomnom_queue_size' };

/** nomnom's own queue in Postgres. */
export const ownQueue: Queue = async ({ plan, orders }, databaseUrl, work) => {
  const log = pinoLog({ level: 'silent' });
  const store = openStore({ url: databaseUrl, max: 2, log });
  try {
    const queue = openPostgresQueue({ store: store.sql, log });
    await queue.apply(plan);
    const outcomes = await queue.publisher().publish(outgoing(plan, orders));
    if (outcomes.some((outcome) => outcome.kind !== 'stored')) throw new Error('an order was not stored');
    return await work({
      // An empty address counts as none.
      env: { DATABASE_URL: databaseUrl, NATS_URL: '' },
      left: async () => Number((await store.sql.query(HELD)).rows[0]?.['bytes']),
    });
  } finally {
    await store.close();
  }
};

export const pgBoss: Queue = async ({ orders }, databaseUrl, work) => {
  const boss = new PgBoss({ connectionString: databaseUrl, supervise: false, schedule: false });
  await boss.start();
  try {
    await boss.createQueue('orders');
    for (let at = 0; at < orders.length; at += FILL)
      await boss.insert(
        orders.slice(at, at + FILL).map((order) => ({ name: 'orders', data: JSON.parse(order) as object })),
      );
    return await work({
      env: { DATABASE_URL: databaseUrl, MESSAGES: String(orders.length) },
      left: () => boss.getQueueSize('orders', { before: 'completed' }),
      saidByWorker: true,
    });
  } finally {
    await boss.stop({ graceful: false });
  }
};

const JOBS = 'SELECT count(*)::int AS left FROM graphile_worker.jobs';

interface Left {
  readonly left: number;
}

export const graphileWorker: Queue = async ({ orders }, databaseUrl, work) => {
  const tools = await makeWorkerUtils({ connectionString: databaseUrl });
  try {
    await tools.migrate();
    for (let at = 0; at < orders.length; at += FILL)
      await tools.addJobs(
        orders
          .slice(at, at + FILL)
          .map((order) => ({ identifier: 'order', payload: JSON.parse(order) as object })),
      );
    return await work({
      env: { DATABASE_URL: databaseUrl, MESSAGES: String(orders.length) },
      left: () => tools.withPgClient(async (client) => (await client.query<Left>(JOBS)).rows[0]?.left ?? 0),
      saidByWorker: true,
    });
  } finally {
    await tools.release();
  }
};
