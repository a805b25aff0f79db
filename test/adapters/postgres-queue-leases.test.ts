import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PostgresStore } from '../../src/adapters/postgres/store.ts';
import { openPostgresQueue } from '../../src/adapters/postgres-queue/queue.ts';
import { message, messages, queuePlan } from '../conformance/queue-plan.ts';
import { memoryLog } from '../support/memory-log.ts';
import { FETCH, number, ownQueue, ownStore } from '../support/own-queue.ts';
import { until } from '../support/until.ts';

describe('leases of the Postgres queue', () => {
  const leases = (store: PostgresStore) => number(store.sql, 'SELECT count(*) FROM nomnom_queue_lease');

  test('end with the last of their messages, acknowledged or given back', async () => {
    const { store, names, queue, consumer } = await ownQueue({ consume: { ackWait: 60_000 } });
    await queue.publisher().publish(messages(names, 6));
    const held = await consumer.fetch(FETCH);
    await consumer.ack(held.slice(0, 2));
    await consumer.retry(held.slice(2, 4), 0);
    expect(await leases(store)).toBe(1);
    const again = await consumer.fetch(FETCH);
    expect(again).toMatchObject(held.slice(2, 4).map(({ messageId }) => ({ messageId, deliveries: 2 })));
    await consumer.retry(held.slice(4), 60_000);
    await consumer.ack(again);
    expect(await leases(store)).toBe(0);
    expect(await consumer.pending()).toBe(2);
  });

  test('a lease that ended gives back what was not acknowledged, in its order and before the rest', async () => {
    const { names, queue, consumer } = await ownQueue({ consume: { ackWait: 300 } });
    const sent = messages(names, 6);
    await queue.publisher().publish(sent);
    const held = await consumer.fetch({ ...FETCH, max: 4 });
    await consumer.ack(held.slice(0, 1));
    const again = await until('the end of the lease', async () => {
      const some = await consumer.fetch(FETCH);
      return some.length === 5 ? some : (await consumer.retry(some, 0), false);
    });
    expect(again.map(({ messageId }) => messageId)).toEqual(sent.slice(1).map(({ messageId }) => messageId));
    expect(again.slice(0, 3).map(({ deliveries }) => deliveries)).toEqual([2, 2, 2]);
  });

  test('are written anew before their versions pile up, and stay', async () => {
    const { store, url, names, queue, consumer } = await ownQueue({ consume: { ackWait: 60_000 } });
    const holder = new Client({ connectionString: url });
    await holder.connect();
    onTestFinished(() => holder.end());
    await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await holder.query('SELECT count(*) FROM pg_class');
    await queue.publisher().publish(messages(names, 10));
    const held = await consumer.fetch(FETCH);
    await store.sql.query({
      text: `INSERT INTO nomnom_queue_lease (consumer, ends_at, messages) SELECT 0, now(), '{1}' FROM generate_series(1, 10000)`,
    });
    await store.sql.query({ text: 'DELETE FROM nomnom_queue_lease WHERE consumer = 0' });
    await until('the leases to be written anew', async () => {
      expect(await consumer.fetch({ ...FETCH, max: 1, wait: 1 })).toEqual([]);
      return (await number(store.sql, `SELECT pg_relation_size('nomnom_queue_lease')`)) < 32_768;
    });
    await consumer.ack(held);
    expect(await leases(store)).toBe(0);
    expect(await consumer.pending()).toBe(0);
  });

  test('a worker that stops in the middle of a claim holds up no other, and no message goes to both', async () => {
    const { url, names, queue, consumer } = await ownQueue();
    const sent = messages(names, 3_000);
    await queue.publisher().publish(sent);
    const stopped = new Client({ connectionString: url });
    await stopped.connect();
    onTestFinished(() => stopped.end());
    await stopped.query('BEGIN');
    const { rows } = await stopped.query<{ message_ids: string[] }>(
      'SELECT message_ids FROM nomnom_queue_claim(1, 300, 60000, false, NULL, NULL)',
    );
    const others: string[] = [];
    for (let some = await consumer.fetch({ ...FETCH, wait: 1 }); some.length > 0;) {
      others.push(...some.map(({ messageId }) => messageId));
      some = await consumer.fetch({ ...FETCH, wait: 1 });
    }
    const taken = new Set(rows[0]?.message_ids);
    expect(taken.size).toBe(300);
    expect(others.length).toBeGreaterThan(1_000);
    expect(others.filter((id) => taken.has(id))).toEqual([]);
    await stopped.query('COMMIT');
    const rest = await consumer.fetch(FETCH);
    expect(new Set([...taken, ...others, ...rest.map(({ messageId }) => messageId)]).size).toBe(3_000);
  });

  test('claims at the same time never take the same message', async () => {
    const { url, names, queue } = await ownQueue({ consume: { ackWait: 60_000 } });
    const sent = messages(names, 6_000);
    await queue.publisher().publish(sent);
    const claimed: string[] = [];
    // Programs of before claim without a place.
    const claiming = async (_: unknown, at: number) => {
      const place = at % 2 === 0 ? '' : ', NULL, NULL';
      const client = new Client({ connectionString: url });
      await client.connect();
      onTestFinished(() => client.end());
      while (claimed.length < sent.length) {
        const { rows } = await client.query<{ message_ids: string[] | null }>(
          `SELECT message_ids FROM nomnom_queue_claim(1, 40, 60000, false${place})`,
        );
        claimed.push(...(rows[0]?.message_ids ?? []));
      }
    };
    await Promise.all(Array.from({ length: 6 }, claiming));
    expect(claimed.toSorted()).toEqual(sent.map(({ messageId }) => messageId).toSorted());
  });

  test('of a partition come in their order, while another partition claims between them', async () => {
    const { url, store } = await ownStore();
    const names = queuePlan();
    const [orders, customers] = ['Order', 'Customer'].map((entity, index) => ({
      ...names.consume,
      ...{ durable: `worker-p${index}`, filter: names.subject(entity), entities: [entity] },
      partition: { group: 'worker', index, count: 2 },
    }));
    if (orders === undefined || customers === undefined) throw new Error('two partitions');
    const [role] = names.plan.roles;
    if (role === undefined) throw new Error('a role');
    const plan = { ...names.plan, roles: [{ ...role, consumes: [orders, customers] }] };
    const queue = openPostgresQueue({ store: store.sql, log: memoryLog() });
    await queue.apply(plan);
    const sent = Array.from({ length: 2_000 }, (_, at) => {
      const entity = at % 2 === 0 ? 'Order' : 'Customer';
      return message(names, { entity, subject: names.subject(entity) });
    });
    await queue.publisher().publish(sent);
    const other = new Client({ connectionString: url });
    await other.connect();
    onTestFinished(() => other.end());
    const { rows } = await other.query<{ id: number }>(
      `SELECT id FROM nomnom_queue_consumer WHERE durable = 'worker-p1'`,
    );
    const consumer = await queue.consumer(orders);
    await consumer.restart();
    const stopped = await queue.consumer(customers);
    await stopped.restart();
    await other.query('BEGIN');
    await other.query('SELECT nomnom_queue_claim($1, 100, 60000, true, NULL, NULL)', [rows[0]?.id]);
    const first = await consumer.fetch({ ...FETCH, max: 100 });
    const expected = sent.filter(({ entity }) => entity === 'Order').slice(0, 100);
    expect(first.map(({ messageId }) => messageId)).toEqual(expected.map(({ messageId }) => messageId));
    // Neither is anything of its own passed over that somebody still claims.
    expect(await stopped.fetch({ ...FETCH, wait: 1 })).toEqual([]);
    await other.query('ROLLBACK');
    const [next] = await stopped.fetch({ ...FETCH, max: 1 });
    expect(next?.messageId).toBe(sent[1]?.messageId);
  });

  test('a claim goes on where the last one ended, and passes over nothing', async () => {
    const { store, names, queue } = await ownQueue();
    await queue.publisher().publish(messages(names, 3_000));
    const claim = `SELECT reached, ids->>-1 AS last FROM nomnom_queue_claim(1, $1, 60000, false, $2, $3)`;
    const fetched = `SELECT sum(idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE relname ~ '^nomnom_queue_[0-9]+$'`;
    const { rows } = await store.sql.query({ text: claim, values: [2_000, null, null] });
    const place = [rows[0]?.['reached'], rows[0]?.['last']];
    const looked = await store.sql.transaction(async (session) => {
      const before = await number(session, fetched);
      await session.query({ text: claim, values: [500, ...place] });
      return (await number(session, fetched)) - before;
    });
    expect(looked).toBe(500);
    // Where too few lie behind the place it looks at everything.
    await store.sql.query({ text: 'UPDATE nomnom_queue SET visible_at = now() WHERE id > 2500' });
    await store.sql.query({ text: 'DELETE FROM nomnom_queue_lease' });
    const all = await store.sql.query({ text: claim, values: [3_000, ...place] });
    expect(all.rows[0]).toMatchObject({ last: '3000' });
    expect(await number(store.sql, 'SELECT cardinality(messages) FROM nomnom_queue_lease')).toBe(3_000);
  });

  test('what comes before the place that claims have reached does not wait for the end of a backlog', async () => {
    const { store, names, queue, consumer } = await ownQueue();
    const sent = messages(names, 6_000);
    await queue.publisher().publish(sent);
    await consumer.ack(await consumer.fetch({ ...FETCH, max: 10 }));
    const late = sent.at(-1)?.messageId;
    // As if its transaction had been committed only now.
    await store.sql.query({
      text: `UPDATE nomnom_queue SET visible_at = visible_at - interval '1 day' WHERE message_id = $1`,
      values: [late],
    });
    await until('the late one', async () => {
      const some = await consumer.fetch({ ...FETCH, max: 1 });
      await consumer.ack(some);
      return some.some(({ messageId }) => messageId === late);
    });
    expect(await consumer.pending()).toBeGreaterThan(100);
  });

  test('a claim takes as many bytes as a process can hold, and one message that has more', async () => {
    const { names, queue, consumer } = await ownQueue({ stream: { maxBytes: 1_000_000_000 } });
    const sizes = [20, 11, 20, 40, 1].map((size) => size * 1024 * 1024);
    for (const size of sizes)
      await queue.publisher().publish([message(names, { body: Buffer.alloc(size, 120) })]);
    const claimed: number[][] = [];
    while (claimed.flat().length < sizes.length) {
      const some = await consumer.fetch(FETCH);
      claimed.push(some.map(({ body }) => body.length));
      await consumer.ack(some);
    }
    expect(claimed).toEqual([sizes.slice(0, 2), [sizes[2]], [sizes[3]], [sizes[4]]]);
  });
});
