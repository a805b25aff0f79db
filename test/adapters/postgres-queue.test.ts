import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/adapters/postgres-queue/migrations.ts';
import { publishAll } from '../../src/adapters/postgres-queue/publish.ts';
import { openPostgresQueue } from '../../src/adapters/postgres-queue/queue.ts';
import { openStore, type PostgresStore } from '../../src/adapters/postgres/store.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { partitionConformance } from '../conformance/partition-order.ts';
import { queueConformance } from '../conformance/queue.ts';
import { backlogConformance } from '../conformance/queue-backlog.ts';
import { extentConformance } from '../conformance/queue-extents.ts';
import { message, messages, queuePlan } from '../conformance/queue-plan.ts';
import { createDatabase, freshDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { openPostgresQueueAt } from '../support/postgres-queue.ts';
import { openTcpProxy, through } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

const database = await freshDatabase();
const log = memoryLog();
const store = openStore({ url: database.url, max: 6, log });
const queue = openPostgresQueue({ store: store.sql, log });
afterAll(() => store.close());

const FETCH = { max: 100, wait: 500, linger: 0, signal: new AbortController().signal };

/** Two roles with a consumer each: of all messages, and of those below another subject. */
function withSecondConsumer({ plan, consume }: ReturnType<typeof queuePlan>, filter: string): Plan {
  const audit = { ...consume, durable: 'audit', filter };
  const [role] = plan.roles;
  return role === undefined
    ? plan
    : { ...plan, roles: [role, { ...role, name: 'audit', consumes: [audit] }] };
}

async function bytesHeld(on: PostgresStore, stream: string): Promise<number> {
  const { rows } = await on.sql.query({
    text: 'SELECT sum(bytes)::int8 AS bytes FROM nomnom_queue_size WHERE stream = $1',
    values: [stream],
  });
  return Number(rows[0]?.['bytes']);
}

async function rowsOf(stream: string): Promise<number> {
  const { rows } = await store.sql.query({
    text: 'SELECT count(*) AS n FROM nomnom_queue WHERE stream = $1',
    values: [stream],
  });
  return Number(rows[0]?.['n']);
}

describe('the queue port over Postgres', () => {
  const adapter = { url: database.url, open: openPostgresQueueAt };
  queueConformance(adapter);
  extentConformance(adapter);
  backlogConformance(adapter);
  partitionConformance(adapter);
});

describe('the Postgres queue', () => {
  test.each(['TRUNCATE nomnom_queue', 'DELETE FROM nomnom_queue'])(
    'has room again after a full stream was emptied by hand: %s',
    async (text) => {
      const names = queuePlan({ stream: { maxBytes: 16 * 1024 } });
      const own = await createDatabase(database.url);
      const at = openStore({ url: own.url, max: 4, log });
      onTestFinished(async () => {
        await at.close();
        await own.drop();
      });
      const full = openPostgresQueue({ store: at.sql, log });
      await full.apply(names.plan);
      const consumer = await full.consumer(names.consume);
      const publisher = full.publisher();
      const large = () => message(names, { body: Buffer.alloc(4_000, 120) });
      const outcomes = await publisher.publish(Array.from({ length: 8 }, large));
      expect(outcomes.some(({ kind }) => kind === 'full')).toBe(true);
      await at.sql.query({ text });
      await until('room', async () => {
        await consumer.fetch({ ...FETCH, wait: 10 });
        return (await publisher.publish([large()]))[0]?.kind === 'stored';
      });
    },
  );

  test('is set up once when many processes apply at the same time', async () => {
    const empty = await createDatabase(database.url);
    const stores = Array.from({ length: 4 }, () => openStore({ url: empty.url, max: 2, log }));
    onTestFinished(async () => {
      await Promise.all(stores.map((each) => each.close()));
      await empty.drop();
    });
    const plan = queuePlan();
    const lines = await Promise.all(
      stores.map((each) => openPostgresQueue({ store: each.sql, log }).apply(plan.plan)),
    );
    const migrated = lines.flat().filter((line) => line.startsWith('migrated'));
    expect(migrated).toEqual(
      MIGRATIONS.map(({ number, name }) => `migrated the queue to version ${number}: ${name}`),
    );
    const [first] = stores;
    expect(first && (await openPostgresQueue({ store: first.sql, log }).differences(plan.plan))).toEqual([]);
  });

  test('says that its tables are missing, and what it wants', async () => {
    const empty = await createDatabase(database.url);
    const own = openStore({ url: empty.url, max: 1, log });
    onTestFinished(async () => {
      await own.close();
      await empty.drop();
    });
    const plan = queuePlan();
    const bare = openPostgresQueue({ store: own.sql, log });
    expect(await bare.differences(plan.plan)).toMatchObject([
      { code: 'NOM902', found: 'none', fixable: true },
    ]);
    expect(await bare.publisher().publish([message(plan)])).toMatchObject([{ kind: 'misconfigured' }]);
  });

  test('delivers a message to each consumer that wants it', async () => {
    const names = queuePlan();
    const plan = withSecondConsumer(names, names.consume.filter);
    await queue.apply(plan);
    await queue.publisher().publish([message(names)]);
    for (const { consumes } of plan.roles) {
      const [consume] = consumes;
      const consumer = consume && (await queue.consumer(consume));
      const delivered = (await consumer?.fetch(FETCH)) ?? [];
      expect(delivered).toHaveLength(1);
      await consumer?.ack(delivered);
    }
    expect(await rowsOf(names.stream.name)).toBe(0);
  });

  test('keeps what no consumer wants, until one does', async () => {
    const names = queuePlan();
    await queue.apply(names.plan);
    const dead = message(names, { subject: names.otherSubject });
    await queue.publisher().publish([dead]);
    const plan = withSecondConsumer(names, names.otherSubject);
    await queue.apply(plan);
    const consume = plan.roles[1]?.consumes[0] ?? names.consume;
    const consumer = await queue.consumer(consume);
    expect((await consumer.fetch(FETCH)).map(({ messageId }) => messageId)).toEqual([dead.messageId]);
  });

  test('forgets what no consumer wants at the max age, and ids at the end of their window', async () => {
    // Ids are forgotten a table at a time, so no other stream may have some in it.
    const empty = await createDatabase(database.url);
    const own = openStore({ url: empty.url, max: 3, log });
    onTestFinished(async () => {
      await own.close();
      await empty.drop();
    });
    const names = queuePlan({ stream: { maxAge: 200, dedupe: 100 } });
    const alone = openPostgresQueue({ store: own.sql, log });
    await alone.apply(names.plan);
    await alone.publisher().publish([message(names, { subject: names.otherSubject }), message(names)]);
    const count = async (table: string) =>
      Number((await own.sql.query({ text: `SELECT count(*) AS n FROM ${table}` })).rows[0]?.['n']);
    await until('the window and the age to be over', async () => {
      // A queue of its own tidies up at once; one that has just done so waits.
      await (
        await openPostgresQueue({ store: own.sql, log }).consumer(names.consume)
      ).fetch({ ...FETCH, wait: 1, max: 1 });
      return (await count('nomnom_queue_dedupe')) === 0 && (await count('nomnom_queue')) === 1;
    });
    expect(await count('nomnom_queue')).toBe(1);
  });

  test('knows what a stream holds to the byte, after publishing, acknowledging and duplicates', async () => {
    const names = queuePlan();
    await queue.apply(names.plan);
    const publisher = queue.publisher();
    const sent = messages(names, 300);
    await Promise.all([
      publisher.publish(sent),
      publisher.publish(sent),
      publisher.publish(messages(names, 200)),
    ]);
    const consumer = await queue.consumer(names.consume);
    for (let left = 250; left > 0;) {
      const some = await consumer.fetch({ ...FETCH, max: Math.min(left, 90) });
      left -= some.length;
      await consumer.ack(some);
    }
    const { rows } = await store.sql.query({
      text: 'SELECT sum(size) AS bytes FROM nomnom_queue WHERE stream = $1',
      values: [names.stream.name],
    });
    expect(await rowsOf(names.stream.name)).toBe(250);
    expect(await bytesHeld(store, names.stream.name)).toBe(Number(rows[0]?.['bytes']));
  });

  test('publishers of the same ids in different orders wait for each other and never deadlock', async () => {
    const names = queuePlan();
    await queue.apply(names.plan);
    const outcomes = [];
    for (let round = 0; round < 10; round += 1) {
      const sent = messages(names, 300);
      const orders = [
        sent,
        sent.toReversed(),
        [...sent.slice(150), ...sent.slice(0, 150)],
        sent.toReversed(),
      ];
      outcomes.push(...(await Promise.all(orders.map((order) => publishAll(store.sql, order)))).flat());
    }
    const first = outcomes.filter((outcome) => outcome.kind === 'stored' && !outcome.duplicate);
    expect(first).toHaveLength(3_000);
  });

  test('a worker whose lease another one has taken over can neither delay nor extend it', async () => {
    const names = queuePlan({ consume: { ackWait: 300 } });
    await queue.apply(names.plan);
    await queue.publisher().publish([message(names)]);
    const consumer = await queue.consumer(names.consume);
    const late = await consumer.fetch(FETCH);
    const current = await consumer.fetch({ ...FETCH, wait: 3_000 });
    expect(current).toMatchObject([{ deliveries: 2 }]);
    await consumer.retry(late, 60_000);
    expect(await consumer.fetch({ ...FETCH, wait: 3_000 })).toMatchObject([{ deliveries: 3 }]);
  });

  test('an acknowledgement that Postgres did not answer is made up for', async () => {
    const names = queuePlan();
    await queue.apply(names.plan);
    const proxy = await openTcpProxy(database.url);
    const own = openStore({ url: through(proxy, database.url), max: 2, log });
    onTestFinished(async () => {
      await own.close();
      await proxy.close();
    });
    await queue.publisher().publish(messages(names, 3));
    const consumer = await openPostgresQueue({ store: own.sql, log }).consumer(names.consume);
    const held = await consumer.fetch(FETCH);
    await proxy.cut();
    await consumer.ack(held);
    expect(await rowsOf(names.stream.name)).toBe(3);
    await proxy.restore();
    await until('the acknowledgement', async () => {
      await consumer.ack([]);
      return (await rowsOf(names.stream.name)) === 0;
    });
    expect(await rowsOf(names.stream.name)).toBe(0);
  });

  test.each([
    ['a.*', 'a.b', true],
    ['a.*', 'a.b.c', false],
    ['a.*', 'aXb', false],
    ['a.>', 'a.b.c', true],
    ['a.>', 'a', false],
    ['$x.+.*', '$x.+.y', true],
    ['$x.+.*', '$x.z.y', false],
  ])('a stream of %s captures %s: %s', async (pattern, subject, captured) => {
    const names = queuePlan({ stream: { subjects: [{ name: 'ingest', template: pattern, pattern }] } });
    await queue.apply(names.plan);
    const [outcome] = await queue.publisher().publish([message(names, { subject })]);
    expect(outcome?.kind).toBe(captured ? 'stored' : 'misconfigured');
  });
});
