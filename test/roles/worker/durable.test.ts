import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, expect, inject, onTestFinished, test } from 'vitest';
import { openJetStreamQueue } from '../../../src/adapters/jetstream/queue.ts';
import { openPostgresQueue } from '../../../src/adapters/postgres-queue/queue.ts';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import { subjectFor } from '../../../src/plan/partition.ts';
import type { Queue } from '../../../src/ports/queue.ts';
import { applyTables } from '../../../src/roles/setup/apply-tables.ts';
import { startCountedWorker } from '../../support/counted-worker.ts';
import { startCrashingPostgres } from '../../support/crashing-postgres.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';
import { until } from '../../support/until.ts';
import { QUEUES, type QueueKind, shop } from './rig.ts';

const MESSAGES = 200;

const postgres = await startCrashingPostgres();
const log = memoryLog();
const store = openStore({ url: postgres.url, max: 10, log });
afterAll(async () => {
  await store.close();
  await postgres.stop();
});

async function openQueue(kind: QueueKind): Promise<Queue> {
  if (kind === 'Postgres') return openPostgresQueue({ store: store.sql, log });
  const queue = await openJetStreamQueue({ url: inject('natsUrl'), log, name: 'test' });
  onTestFinished(() => queue.close());
  return queue;
}

test.each(QUEUES)(
  'what a worker acknowledged to %s outlives a crash of a server with synchronous_commit = off',
  async (kind) => {
    const id = randomBytes(5).toString('hex');
    const plan = planOf(shop()(id));
    const role = plan.roles.find(({ name }) => name === 'worker');
    const target = plan.roles.flatMap(({ publishes }) => publishes)[0];
    const [consume] = role?.consumes ?? [];
    if (role === undefined || target === undefined || consume === undefined) throw new Error('no worker');
    const queue = await openQueue(kind);
    await applyTables(store, plan);
    await queue.apply(plan);
    const ids = Array.from({ length: MESSAGES }, () => randomUUID());
    await queue.publisher().publish(
      ids.map((messageId, index) => ({
        stream: target.stream,
        subject: subjectFor(plan, target, 'Customer', undefined),
        entity: 'Customer',
        program: plan.program,
        messageId,
        dedupeId: messageId,
        generation: 0,
        body: Buffer.from(JSON.stringify({ customer_key: index, name: 'A' })),
        headers: {},
        receivedAt: Date.now(),
      })),
    );
    const watched = await queue.consumer(consume);
    const worker = startCountedWorker({ plan, role, queue, store, clock: systemClock, log });
    await until('the last acknowledgement', async () => (await watched.pending()) === 0, {
      within: 60_000,
      every: 1,
    });
    await postgres.crash();
    await worker.stop();
    await watched.close();
    const { rows } = await until('the store to answer again', () =>
      store.sql.query({
        text: `SELECT count(*)::int AS n, (SELECT count(*)::int FROM customers) AS customers
          FROM message_status WHERE status = 'completed' AND message_id = ANY ($1)`,
        values: [ids],
      }),
    );
    expect(rows).toEqual([{ n: MESSAGES, customers: MESSAGES }]);
    await store.sql.query({ text: 'TRUNCATE customers CASCADE' });
  },
);
