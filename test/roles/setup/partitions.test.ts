import { randomBytes } from 'node:crypto';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { openJetStreamQueue } from '../../../src/adapters/jetstream/queue.ts';
import { openPostgresQueue } from '../../../src/adapters/postgres-queue/queue.ts';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import { subjectFor } from '../../../src/plan/partition.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { applyTables } from '../../../src/roles/setup/apply-tables.ts';
import { applyPartitions } from '../../../src/roles/setup/partitions.ts';
import { verify } from '../../../src/roles/setup/verify.ts';
import { startCountedWorker } from '../../support/counted-worker.ts';
import { createDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';
import { until } from '../../support/until.ts';
import { QUEUES } from '../worker/rig.ts';

const ordered = (id: string, partitions: number): Plan =>
  planOf(`
pipeline shop${id}
stream S${id} { subject ingest = "s${id}.ingest.{entity}"  storage: memory  partitions: ${partitions} }
role ingest { publish S${id}.ingest }
role worker { consume S${id}.ingest }
entity Order { id: int  ordered by (id)  store orders { key (id)  upsert on (id) } }`);

describe.each(QUEUES)('another number of partitions, over the %s queue', (kind) => {
  async function setUp() {
    const id = randomBytes(5).toString('hex');
    const database = await createDatabase(inject('databaseUrl'));
    onTestFinished(() => database.drop());
    const log = memoryLog();
    const store = openStore({ url: database.url, max: 8, log });
    onTestFinished(() => store.close());
    const queue =
      kind === 'Postgres'
        ? openPostgresQueue({ store: store.sql, log })
        : await openJetStreamQueue({ url: inject('natsUrl'), log, name: 'test' });
    onTestFinished(() => queue.close());
    const apply = async (plan: Plan) => {
      await applyTables(store, plan);
      const done = await applyPartitions(store, queue, plan);
      await queue.apply(plan);
      return { done, left: await verify(store, queue, plan) };
    };
    const worked = async (plan: Plan, orders: number) => {
      const role = plan.roles.find(({ name }) => name === 'worker');
      if (role === undefined) throw new Error('no worker');
      const worker = startCountedWorker({ plan, role, queue: queue, store, clock: systemClock, log });
      const count = async () => (await store.sql.query({ text: 'SELECT FROM orders' })).rowCount;
      await until('the orders', async () => (await count()) === orders);
      await worker.stop();
    };
    const publish = async (plan: Plan, from: number, to: number) => {
      const target = { stream: `S${id}`, template: `s${id}.ingest.{entity}` };
      const messages = Array.from({ length: to - from }, (_, at) => {
        const messageId = crypto.randomUUID();
        return {
          stream: target.stream,
          subject: subjectFor(plan, target, 'Order', String(from + at)),
          entity: 'Order',
          messageId,
          dedupeId: messageId,
          generation: 0,
          program: undefined,
          body: Buffer.from(JSON.stringify({ id: from + at })),
          headers: {},
          receivedAt: Date.now(),
        };
      });
      const outcomes = await queue.publisher().publish(messages);
      expect(outcomes.every(({ kind: outcome }) => outcome === 'stored')).toBe(true);
    };
    return { id, store, apply, worked, publish };
  }

  test('is refused while messages wait in the old ones, naming how many, and taken once none does', async () => {
    const { id, apply, worked, publish } = await setUp();
    const before = ordered(id, 6);
    const after = ordered(id, 4);
    expect((await apply(before)).left).toEqual([]);
    await publish(before, 0, 20);
    await worked(before, 20);
    await publish(before, 20, 30);
    const group = `shop${id}_worker_ingest`;
    expect(await apply(after)).toEqual({
      done: [],
      left: [
        expect.objectContaining({
          code: 'NOM903',
          what: `partitions of ${group}`,
          expected: '4',
          found: '6, in which 10 messages wait for a worker',
          fixable: false,
        }),
      ],
    });
    await worked(before, 30);
    expect(await apply(after)).toEqual({ done: [`updated partitions of ${group}: 4 (was 6)`], left: [] });
    await publish(after, 30, 50);
    await worked(after, 50);
    expect((await apply(ordered(id, 9))).done).toEqual([`updated partitions of ${group}: 9 (was 4)`]);
  });
});
