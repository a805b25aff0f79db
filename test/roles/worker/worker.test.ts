import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { foldOf } from './fold.ts';
import { customer, openRig, order, QUEUES, type Sent, shop } from './rig.ts';

const LINES = 'SELECT order_key, line_number, version, quantity FROM order_lines ORDER BY 1, 2';
const ORDERS = 'SELECT order_key, version FROM orders ORDER BY 1';

describe.each(QUEUES)('a worker over the %s queue', (kind) => {
  test('leaves the rows that the messages describe, and settles each of them', async () => {
    const rig = await openRig(kind, shop());
    const sent = Array.from({ length: 400 }, (_, at) => order(at, 1, [1, 2, 3].slice(0, at % 4)));
    const ids = await rig.publish(sent);
    const worker = rig.work();
    await rig.settled(400);
    expect({ orders: await rig.rows(ORDERS), lines: await rig.rows(LINES) }).toEqual(foldOf(sent));
    expect(await rig.statuses()).toEqual({ completed: 400 });
    expect(await rig.status(ids[7] ?? '')).toMatchObject({
      status: 'completed',
      entity: 'Order',
      retryCount: 0,
    });
    const consumer = await rig.consumerOf('worker');
    await until('an empty queue', async () => (await consumer.pending()) === 0);
    await worker.counted({ applied: 400, superseded: 0, dead: 0 });
    expect(worker.state().kind).toBe('running');
  });

  test('lets no stale version win, in whatever order the versions arrive', async () => {
    const rig = await openRig(kind, shop('concurrency: 3'));
    rig.work();
    rig.work();
    const drafts = fc.sample(
      fc.record({
        key: fc.integer({ min: 1, max: 12 }),
        version: fc.integer({ min: 1, max: 30 }),
        lines: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 5 }),
      }),
      { numRuns: 600, seed: 20 },
    );
    // One version is one content: a second message of the same version repeats it.
    const contents = new Map<string, Sent>();
    const sent = drafts.map(({ key, version, lines }) => {
      const content = contents.get(`${key} ${version}`) ?? order(key, version, lines);
      contents.set(`${key} ${version}`, content);
      return content;
    });
    await rig.publish(sent);
    await rig.settled(sent.length);
    expect({ orders: await rig.rows(ORDERS), lines: await rig.rows(LINES) }).toEqual(foldOf(sent));
    const { completed = 0, superseded = 0, ...others } = await rig.statuses();
    expect(others).toEqual({});
    expect(completed + superseded).toBe(sent.length);
    expect(completed).toBeGreaterThanOrEqual(12);
  });

  test('lets the last message win where rows replace each other, with several batches in flight', async () => {
    const rig = await openRig(kind, shop('concurrency: 4'));
    await rig.publish(Array.from({ length: 3000 }, (_, at) => customer(at % 60, `name ${at}`)));
    rig.work();
    await rig.settled(3000);
    expect(await rig.rows('SELECT customer_key, name FROM customers ORDER BY 1')).toEqual(
      Array.from({ length: 60 }, (_, key) => ({ customer_key: String(key), name: `name ${2940 + key}` })),
    );
  });

  test('changes nothing when messages are delivered again after their commit', async () => {
    const rig = await openRig(kind, shop('ack_wait: 1s'));
    const sent = Array.from({ length: 60 }, (_, at) => order(at, 1, [1, 2]));
    await rig.publish(sent);
    const deaf = rig.work({
      queue: (queue) => ({
        ...queue,
        async consumer(plan) {
          const consumer = await queue.consumer(plan);
          return { ...consumer, ack: async () => {}, retry: async () => {} };
        },
      }),
    });
    await rig.settled(60);
    await deaf.stop();
    const before = await rig.rows('SELECT xmin, * FROM order_lines ORDER BY order_key, line_number');
    const second = rig.work();
    await until('all to come again', () => second.state().counters.settledBefore === 60);
    await second.counted({ applied: 0, redelivered: 60 });
    expect(await rig.rows('SELECT xmin, * FROM order_lines ORDER BY order_key, line_number')).toEqual(before);
    expect(await rig.statuses()).toEqual({ completed: 60 });
  });

  test('lets a poisoned message cost nothing but itself', async () => {
    const rig = await openRig(kind, shop());
    await rig.store.sql.query({
      text: `ALTER TABLE customers ADD CONSTRAINT no_poison CHECK (name <> 'poison')`,
    });
    const sent = Array.from({ length: 120 }, (_, at) => customer(at, at % 40 === 7 ? 'poison' : 'fine'));
    const ids = await rig.publish(sent);
    const worker = rig.work();
    await rig.settled(120);
    expect(await rig.statuses()).toEqual({ completed: 117, dlq: 3 });
    expect(await rig.rows('SELECT count(*)::int AS n FROM customers')).toEqual([{ n: 117 }]);
    await worker.counted({ applied: 117, dead: 3, retried: 0 });
    expect(await rig.status(ids[7] ?? '')).toMatchObject({
      status: 'dlq',
      error: { code: 'constraint_violation', entity: 'Customer', constraint: 'no_poison' },
    });
  });

  test('keeps what it cannot read as a dead letter, byte for byte, with the reason and the place', async () => {
    const rig = await openRig(kind, shop());
    const bytes = Buffer.from([0x7b, 0xff, 0x00, 0xfe, 0x7d]);
    const wrong = { order_key: 1, version: 1, lines: [{ line_number: 1, quantity: 'many' }] };
    const [binary = '', wrongId = '', unknown = ''] = await rig.publish([
      { entity: 'Order', body: bytes },
      { entity: 'Order', body: wrong },
      { entity: 'Parcel', body: {} },
    ]);
    rig.work();
    await rig.settled(3);
    const letters = await rig.rows(
      `SELECT message_id, body, generation, attempts, error_code, error FROM dead_letters`,
    );
    const letter = (id: string) => letters.find((each) => each['message_id'] === id);
    expect(letters).toHaveLength(3);
    expect(letter(binary)).toMatchObject({
      error_code: 'invalid_utf8',
      generation: 0,
      attempts: 1,
      body: bytes,
    });
    expect(letter(wrongId)?.['body']).toEqual(Buffer.from(JSON.stringify(wrong)));
    expect(JSON.parse(letter(wrongId)?.['error'] as string)).toMatchObject({
      entity: 'Order',
      pointer: '/lines/0/quantity',
    });
    expect(letter(unknown)).toMatchObject({ error_code: 'unknown_entity' });

    const repair = await rig.consumerOf('repair');
    const published = await until('three published dead letters', async () => {
      const found = await repair.fetch({
        max: 10,
        wait: 500,
        linger: 200,
        signal: AbortSignal.timeout(5000),
      });
      return found.length === 3 && found;
    });
    expect(published.map(({ messageId }) => messageId).toSorted()).toEqual(
      [binary, wrongId, unknown].toSorted(),
    );
    const body = published.find(({ messageId }) => messageId === binary)?.body;
    expect(Buffer.from(body ?? '')).toEqual(bytes);
    const logged = JSON.stringify(rig.log.lines);
    expect(logged).toContain(wrongId);
    expect(logged).not.toContain('many');
  });

  test('retries a message whose parent is missing, and applies it when the parent comes', async () => {
    const rig = await openRig(kind, shop('attempts: 100  backoff: 20ms..60ms'));
    const [id = ''] = await rig.publish([order(1, 1, [1], 77), order(2, 1, [1])]);
    const worker = rig.work();
    await until('a retry', async () => {
      const status = await rig.status(id);
      return status?.status === 'retrying' && status.retryCount >= 2;
    });
    expect(await rig.rows(ORDERS)).toEqual([{ order_key: '2', version: '1' }]);
    await rig.publish([customer(77)]);
    await rig.settled(3);
    expect(await rig.status(id)).toMatchObject({ status: 'completed', error: null });
    expect(await rig.rows(ORDERS)).toHaveLength(2);
    expect(worker.state().counters.retried).toBeGreaterThanOrEqual(2);
  });

  test('records as dead a message whose parent never comes, after its attempts', async () => {
    const rig = await openRig(kind, shop('attempts: 3  backoff: 20ms..40ms'));
    const [id = ''] = await rig.publish([order(1, 1, [1], 77)]);
    const worker = rig.work();
    await rig.settled(1);
    expect(await rig.status(id)).toMatchObject({
      status: 'dlq',
      error: { code: 'constraint_violation', constraint: 'orders_customer_key_fkey' },
    });
    expect(await rig.rows('SELECT attempts FROM dead_letters')).toEqual([{ attempts: 3 }]);
    await worker.counted({ retried: 2, dead: 1, applied: 0 });
  });

  test('opens a dead letter again when it is replayed with a new generation', async () => {
    const rig = await openRig(kind, shop());
    const [id = ''] = await rig.publish([{ entity: 'Order', body: { order_key: 'no' } }]);
    rig.work();
    await rig.settled(1);
    await rig.publish([{ ...order(1, 1, [1]), id, generation: 1 }]);
    await until('the replay', async () => (await rig.status(id))?.status === 'completed');
    expect(await rig.status(id)).toMatchObject({ generation: 1, error: null, retryCount: 0 });
    expect(await rig.rows('SELECT generation FROM dead_letters')).toEqual([{ generation: 0 }]);
  });

  test('waits out an outage of Postgres without spending an attempt, and says that it waits', async () => {
    const rig = await openRig(kind, shop('attempts: 1  concurrency: 3'));
    const worker = rig.work();
    await rig.publish(Array.from({ length: 100 }, (_, at) => order(at, 1, [1])));
    await rig.settled(100);
    await rig.proxy.cut();
    const sent = Array.from({ length: 300 }, (_, at) => order(at, 2, [1, 2]));
    await rig.publish(sent);
    const paused = await until('a pause', () => {
      const state = worker.state();
      return state.kind === 'paused' && state;
    });
    expect(paused.reason).toMatch(/cannot be reached/);
    await rig.proxy.restore();
    await rig.settled(400);
    expect({ orders: await rig.rows(ORDERS), lines: await rig.rows(LINES) }).toEqual(foldOf(sent));
    expect(await rig.statuses()).toEqual({ completed: 400 });
    expect(await rig.rows('SELECT max(retry_count) AS most FROM message_status')).toEqual([{ most: 0 }]);
    await until('work to go on', () => worker.state().kind === 'running');
  });

  test('survives backends that are terminated in the middle of its transactions', async () => {
    const rig = await openRig(kind, shop('attempts: 1  concurrency: 3'));
    const sent = Array.from({ length: 4000 }, (_, at) =>
      order(at % 500, 1 + Math.floor(at / 500), [1, 2, 3]),
    );
    await rig.publish(sent);
    rig.work();
    for (let kills = 0, seen = -1; kills < 6; kills++) {
      seen = await until('progress since the last time', async () => {
        const { completed = 0 } = await rig.statuses();
        return completed > seen && completed;
      });
      await until('a transaction that can be ended', async () => {
        const ended = await rig.rows(`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`);
        return ended.length > 0;
      });
    }
    await rig.settled(4000);
    expect({ orders: await rig.rows(ORDERS), lines: await rig.rows(LINES) }).toEqual(foldOf(sent));
    expect(await rig.rows('SELECT count(*)::int AS n FROM dead_letters')).toEqual([{ n: 0 }]);
  });

  test('pauses on a wrong configuration, spends no attempt, and continues by itself once it is fixed', async () => {
    const rig = await openRig(kind, shop('attempts: 1'));
    await rig.store.sql.query({ text: 'ALTER TABLE customers DROP CONSTRAINT customers_pkey CASCADE' });
    const [id = ''] = await rig.publish([customer(1), customer(2)]);
    const worker = rig.work();
    const paused = await until('a pause', () => {
      const state = worker.state();
      return state.kind === 'paused' && state;
    });
    expect(paused.reason).toContain('42P10');
    expect((await rig.status(id))?.status).not.toBe('dlq');
    await rig.store.sql.query({
      text: 'ALTER TABLE customers ADD CONSTRAINT customers_pkey PRIMARY KEY (customer_key)',
    });
    await rig.settled(2);
    expect(await rig.statuses()).toEqual({ completed: 2 });
    await until('work to go on', () => worker.state().kind === 'running');
  });

  test('records as dead only the message at which a function of the database raises an error', async () => {
    const rig = await openRig(kind, shop('attempts: 2  backoff: 10ms..20ms'));
    await rig.store.sql.query({
      text: `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.name = 'odd' THEN RAISE EXCEPTION 'no %', NEW.name; END IF; RETURN NEW; END $$`,
    });
    await rig.store.sql.query({
      text: 'CREATE TRIGGER refuse BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION refuse()',
    });
    await rig.publish([customer(1), customer(2, 'odd'), customer(3)]);
    rig.work();
    await rig.settled(3);
    expect(await rig.statuses()).toEqual({ completed: 2, dlq: 1 });
    expect(await rig.rows('SELECT attempts FROM dead_letters')).toEqual([{ attempts: 2 }]);
  });

  test('loses nothing when it is stopped in the middle', async () => {
    const rig = await openRig(kind, shop('ack_wait: 1s  concurrency: 3'));
    const sent = Array.from({ length: 3000 }, (_, at) => order(at, 1, [1, 2, 3]));
    await rig.publish(sent);
    const first = rig.work();
    await until('some progress', () => first.state().counters.applied > 100);
    await first.stop();
    expect(first.state().kind).toBe('stopped');
    const { completed = 0 } = await rig.statuses();
    expect(completed).toBe(first.state().counters.applied);
    expect(completed).toBeLessThan(3000);
    rig.work();
    await rig.settled(3000);
    expect({ orders: await rig.rows(ORDERS), lines: await rig.rows(LINES) }).toEqual(foldOf(sent));
    expect(await rig.statuses()).toEqual({ completed: 3000 });
  });

  test('gives back what it holds when it is stopped during an outage', async () => {
    // No test lasts as long as the ack wait: what comes again was given back.
    const rig = await openRig(kind, shop('ack_wait: 10m'));
    const worker = rig.work();
    await rig.publish([order(1, 1, [1])]);
    await rig.settled(1);
    await rig.proxy.cut();
    await rig.publish([order(2, 1, [1])]);
    await until('a pause', () => worker.state().kind === 'paused');
    await worker.stop();
    await rig.proxy.restore();
    rig.work();
    await rig.settled(2);
    expect(await rig.statuses()).toEqual({ completed: 2 });
  });

  test('keeps its lease on messages that take longer than the ack wait', async () => {
    const rig = await openRig(kind, shop('ack_wait: 1s'));
    const held = await openBlocker(rig.store);
    const worker = rig.work();
    await rig.publish([customer(1)]);
    await held.blocks();
    const other = rig.work();
    await until('three times the ack wait to pass', () => held.seconds() > 3);
    expect(other.state().counters.redelivered).toBe(0);
    await held.release();
    const applied = () => worker.state().counters.applied + other.state().counters.applied;
    // It is counted a moment after the commit.
    await until('the message to be counted', () => applied() > 0);
    await Promise.all([worker.stop(), other.stop()]);
    expect(applied()).toBe(1);
    expect(other.state().counters.redelivered + worker.state().counters.redelivered).toBe(0);
  });

  test('isolates a message that ends the process each time, and records as dead it', async () => {
    const rig = await openRig(kind, shop('attempts: 2  ack_wait: 1s'));
    const deadly = '{"order_key": 666';
    const plan = {
      ...rig.plan,
      entities: rig.plan.entities.map((entity) => ({
        ...entity,
        evaluate(input: Parameters<typeof entity.evaluate>[0]) {
          if (input.body.startsWith(deadly)) throw new RangeError('out of memory');
          return entity.evaluate(input);
        },
      })),
    };
    const sent = Array.from({ length: 20 }, (_, at) => order(at, 1, [1]));
    const [id = ''] = await rig.publish([
      { entity: 'Order', body: Buffer.from(`${deadly}, "secret": 1}`) },
      ...sent,
    ]);
    await until('the end of it', async () => {
      const worker = rig.work({ plan });
      // Each crash of the worker stands for one of the process.
      await Promise.race([worker.ended.catch(() => {}), rig.settled(21)]);
      await worker.stop();
      return (await rig.status(id))?.status === 'dlq';
    });
    rig.work({ plan });
    await rig.settled(21);
    expect(await rig.statuses()).toEqual({ completed: 20, dlq: 1 });
    expect(await rig.status(id)).toMatchObject({ error: { code: 'unfinished' } });
  });
});

/** Holds a lock on the customers, so that a worker's transaction waits. */
async function openBlocker(store: Awaited<ReturnType<typeof openRig>>['store']) {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let locked = () => {};
  const isLocked = new Promise<void>((resolve) => (locked = resolve));
  const transaction = store.sql.transaction(async (session) => {
    await session.query({ text: 'LOCK TABLE customers IN EXCLUSIVE MODE' });
    locked();
    await released;
  });
  await isLocked;
  let since = Infinity;
  return {
    /** Resolves once a transaction waits for the lock. */
    async blocks() {
      await until('a blocked transaction', async () => {
        const { rows } = await store.sql.query({
          text: `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'customers'::regclass`,
        });
        return rows.length > 0;
      });
      since = Date.now();
    },
    seconds: () => (Date.now() - since) / 1000,
    async release() {
      release();
      await transaction;
    },
  };
}
