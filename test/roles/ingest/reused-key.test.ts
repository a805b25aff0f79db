import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Queue } from '../../../src/ports/queue.ts';
import type { Store } from '../../../src/ports/store.ts';
import { hashOf } from '../../../src/roles/ingest/key-bindings.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { openTcpProxy, through } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';
import { openRig, QUEUES, shop } from '../worker/rig.ts';
import { run } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';

const database = await freshDatabase();
const reused = { status: 422, body: { code: 'idempotency_key_reused', pointer: '' } };

/** A store behind a line that can be cut; `accepted` statuses may be held back by the caller. */
async function openLine(statementTimeout?: number) {
  const proxy = await openTcpProxy(database.url);
  onTestFinished(() => proxy.close());
  const store = openStore({
    url: through(proxy, database.url),
    max: 4,
    log: memoryLog(),
    ...(statementTimeout === undefined ? {} : { statementTimeout }),
  });
  onTestFinished(() => store.close());
  await store.transaction(({ ledger }) => ledger.migrate());
  return { store, proxy };
}

/** A second passes for a minute: on a busy machine Postgres may need more than the second after which keys are not compared. */
const patient: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms === 1_000 ? 60_000 : ms, signal),
};

const runPatiently = (store: Store, queue: Queue) => run(store, queue, undefined, { clock: patient });

const keyed = () => ({ 'idempotency-key': randomUUID() });

test('another body under a used key is a 422, singly and in a batch, and the same body is the same answer', async () => {
  const { store } = await openLine();
  const queue = scriptedQueue();
  const { post } = await runPatiently(store, queue);
  const key = keyed();
  const first = await post('/ingest/Order', '{"id":1}', key);
  expect(first.status).toBe(202);
  expect(await post('/ingest/Order', '{"id":2}', key)).toMatchObject(reused);
  expect(await post('/ingest/Order', '{"id":1} ', key)).toMatchObject(reused);
  expect((await post('/ingest/Order', '{"id":1}', key)).body).toEqual(first.body);
  expect(queue.stored.map(({ body }) => Buffer.from(body).toString())).toEqual(['{"id":1}', '{"id":1}']);
  const batch = await post('/ingest/Order/batch', '{"id":1}\n{"id":2}', key);
  expect(batch.status).toBe(202);
  expect(await post('/ingest/Order/batch', '{"id":1}\n{"id":3}', key)).toMatchObject(reused);
  expect((await post('/ingest/Order/batch', '{"id":1}\n{"id":2}', key)).body).toEqual(batch.body);
});

test('a header that the entity reads is part of what the key stands for', async () => {
  const { store } = await openLine();
  const { post } = await runPatiently(store, scriptedQueue());
  const key = keyed();
  expect(await post('/ingest/Note', 'text', { ...key, 'x-filename': 'a' })).toMatchObject({ status: 202 });
  expect(await post('/ingest/Note', 'text', { ...key, 'x-filename': 'b' })).toMatchObject(reused);
  const parts = [
    hashOf(Buffer.from('a'), {}),
    hashOf(Buffer.from('a'), { b: '' }),
    hashOf(Buffer.from('a'), { b: 'c' }),
  ];
  expect(new Set(parts).size).toBe(3);
});

test('what was refused for its content has not used its key', async () => {
  const { store } = await openLine();
  const { post } = await runPatiently(store, scriptedQueue());
  const key = keyed();
  expect(await post('/ingest/Order', '{"id":"x"}', key)).toMatchObject({
    status: 422,
    body: { code: 'wrong_type' },
  });
  expect(await post('/ingest/Order', '{"id":1}', key)).toMatchObject({ status: 202 });
});

test('a process that ends between publishing and answering leaves the key bound for every other one', async () => {
  const { store } = await openLine();
  const key = keyed();
  const queue = scriptedQueue();
  const { promise: never } = Promise.withResolvers<void>();
  queue.gate = never;
  const dying = await run(store, queue);
  const unanswered = dying.post('/ingest/Order', '{"id":1}', key).catch(() => undefined);
  await until('the message to be with the queue', () => Promise.resolve(queue.calls.length > 0));
  const other = await runPatiently(store, scriptedQueue());
  expect(await other.post('/ingest/Order', '{"id":2}', key)).toMatchObject(reused);
  expect(await other.post('/ingest/Order', '{"id":1}', key)).toMatchObject({ status: 202 });
  await dying.ingest.stop();
  await unanswered;
});

test('of many at once with one key and two bodies, one body is accepted', async () => {
  const { store } = await openLine();
  const queues = [scriptedQueue(), scriptedQueue()] as const;
  const [even, odd] = await Promise.all([runPatiently(store, queues[0]), runPatiently(store, queues[1])]);
  const key = keyed();
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, at) =>
      (at % 2 === 0 ? even : odd).post('/ingest/Order', `{"id":${at % 3}}`, key),
    ),
  );
  const bodies = new Set(
    queues.flatMap(({ stored }) => stored).map(({ body }) => Buffer.from(body).toString()),
  );
  expect(bodies.size).toBe(1);
  expect(answers.filter((answer) => answer.status === 202)).toHaveLength(20);
  expect(answers.filter((answer) => answer.status === 422)).toHaveLength(40);
});

test('while Postgres is away keys are accepted, compared within the process, and bound once it is back', async () => {
  const { store, proxy } = await openLine();
  const queue = scriptedQueue();
  const { post } = await run(store, queue);
  await proxy.cut();
  const key = keyed();
  expect(await post('/ingest/Order', '{"id":4711}', key)).toMatchObject({ status: 202 });
  expect(await post('/ingest/Order', '{"id":2}', key)).toMatchObject(reused);
  await proxy.restore();
  const fresh = await run(store, scriptedQueue());
  await until('the key to be bound', async () => {
    const { rows } = await store.sql.query({
      text: "SELECT count(*)::int AS n FROM idempotency_keys WHERE body_hash = decode($1, 'hex')",
      values: [hashOf(Buffer.from('{"id":4711}'), {})],
    });
    const bound = rows[0]?.['n'];
    return typeof bound === 'number' && bound > 0;
  });
  await until(
    'the key to be known to other processes',
    async () => (await fresh.post('/ingest/Order', '{"id":2}', key)).status === 422,
  );
});

test('a line on which nothing comes back does not keep messages from being accepted', async () => {
  // No statement ends by itself: who waits for Postgres waits for ever.
  const { store, proxy } = await openLine(0);
  const queue = scriptedQueue();
  const { post } = await run(store, queue);
  proxy.silence(true);
  onTestFinished(() => proxy.silence(false));
  const send = (at: number) => post('/ingest/Order', `{"id":${at}}`, keyed());
  const first = Array.from({ length: 50 }, (_, at) => send(at));
  const answers = [...(await Promise.all(first)), await send(50)];
  expect(answers.every(({ status }) => status === 202)).toBe(true);
  expect(queue.stored).toHaveLength(51);
});

describe.each(QUEUES)('over %s', (kind) => {
  test('two bodies that came under one id are never both applied: the first one counts', async () => {
    const rig = await openRig(kind, shop());
    const worker = rig.work();
    const id = randomUUID();
    const target = rig.plan.roles[0]?.publishes[0];
    const send = async (name: string, dedupeId: string) => {
      const outcomes = await rig.queue.publisher().publish([
        {
          stream: target?.stream ?? '',
          subject: (target?.template ?? '').replace('{entity}', 'Customer'),
          entity: 'Customer',
          messageId: id,
          dedupeId,
          generation: 0,
          program: undefined,
          body: Buffer.from(JSON.stringify({ customer_key: 1, name })),
          headers: {},
          receivedAt: Date.now(),
        },
      ]);
      expect(outcomes).toEqual([{ kind: 'stored', duplicate: false }]);
    };
    await send('first', id);
    await rig.settled(1);
    await send('second', `${id} again`);
    await until('the second to be seen', () => {
      const state = worker.state();
      return Promise.resolve(state.counters.settledBefore === 1);
    });
    expect(await rig.rows('SELECT name FROM customers')).toEqual([{ name: 'first' }]);
    expect(await rig.statuses()).toEqual({ completed: 1 });
  });
});
