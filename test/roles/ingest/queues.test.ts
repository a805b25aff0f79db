import { randomBytes } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { openJetStreamQueue } from '../../../src/adapters/jetstream/queue.ts';
import { openPostgresQueue } from '../../../src/adapters/postgres-queue/queue.ts';
import { openStore, type PostgresStore } from '../../../src/adapters/postgres/store.ts';
import type { Plan, RolePlan } from '../../../src/plan/plan.ts';
import type { Delivery, Queue } from '../../../src/ports/queue.ts';
import { applyTables } from '../../../src/roles/setup/apply-tables.ts';
import { createDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';
import { openTcpProxy, type TcpProxy, through } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';
import { run } from './running.ts';

interface Kind {
  readonly name: string;
  /** The server that holds the messages. */
  url(): string;
  open(store: PostgresStore, url: string): Promise<Queue>;
}

const kinds: readonly Kind[] = [
  {
    name: 'JetStream',
    url: () => inject('natsUrl'),
    open: (_store, url) => openJetStreamQueue({ url, log: memoryLog(), name: 'ingest test' }),
  },
  {
    name: 'Postgres',
    url: () => inject('databaseUrl'),
    open: (store) => Promise.resolve(openPostgresQueue({ store: store.sql, log: memoryLog() })),
  },
];

/** A pipeline whose stream is its own, so that tests share a server. */
function pipeline(name: string, { maxBytes = '10MB', subject = 'ingest' } = {}): Plan {
  return planOf(
    `pipeline ${name}
    stream ${name.toUpperCase()} { subject all = "${name}.${subject}.{entity}"  max_bytes: ${maxBytes} }
    role ingest { publish ${name.toUpperCase()}.all }
    role worker { consume ${name.toUpperCase()}.all }
    entity Order {
      id: bigint
      amount: decimal(5, 2)?
      note: text?
      store orders { key (id)  upsert on (id) }
    }
    entity Note {
      name: text @header("x-name")
      body: text @body
      store notes { key (name)  upsert on (name) }
    }`,
    `${name}.nom`,
  );
}

interface Stage {
  readonly name: string;
  readonly plan: Plan;
  readonly store: PostgresStore;
  readonly queue: Queue;
  /** Between the role and the server that holds the messages. */
  readonly line: TcpProxy;
  readonly shop: { readonly plan: Plan; readonly role: RolePlan };
}

/** A database and a queue of its own for each test; `use` gets them with everything applied. */
async function stage(kind: Kind, use: (stage: Stage) => Promise<void>, options = {}): Promise<void> {
  const name = `i${randomBytes(5).toString('hex')}`;
  const plan = pipeline(name, options);
  const database = await createDatabase(inject('databaseUrl'));
  const line = await openTcpProxy(kind.url());
  const url = kind.name === 'Postgres' ? through(line, database.url) : database.url;
  const store = openStore({ url, max: 6, log: memoryLog() });
  const queue = await kind.open(store, through(line, kind.url()));
  try {
    await applyTables(store, plan);
    await queue.apply(plan);
    await use({ name, plan, store, queue, line, shop: { plan, role: roleNamed(plan, 'ingest') } });
  } finally {
    await queue.close();
    await store.close();
    await line.close();
    await database.drop();
  }
}

function roleNamed(plan: Plan, name: string): RolePlan {
  const role = plan.roles.find((known) => known.name === name);
  if (role === undefined) throw new Error(`no role ${name}`);
  return role;
}

/** Everything that the worker would get, acknowledged, until nothing more comes. */
async function drain({ plan, queue }: Stage): Promise<readonly Delivery[]> {
  const consume = roleNamed(plan, 'worker').consumes[0];
  if (consume === undefined) throw new Error('the worker consumes');
  const consumer = await queue.consumer(consume);
  const all: Delivery[] = [];
  for (;;) {
    const request = { max: 500, wait: 300, linger: 20, signal: new AbortController().signal };
    const some = await consumer.fetch(request);
    if (some.length === 0) break;
    await consumer.ack(some);
    all.push(...some);
  }
  await consumer.close();
  return all;
}

const text = ({ body }: Delivery) => Buffer.from(body).toString();

describe.for(kinds)('over the $name queue', (kind) => {
  test('202 means stored: every accepted message comes out, byte for byte, and no refused one', async () => {
    await stage(kind, async (here) => {
      const { post, ingest } = await run(here.store, here.queue, here.shop);
      const single = await post('/ingest/Order', ' {"id": 1, "amount": 1.50}\n');
      expect(single.status).toBe(202);
      const refused = await post('/ingest/Order', '{"id": 1, "amount": 1.555}');
      expect(refused).toMatchObject({ status: 422, body: { code: 'too_precise', pointer: '/amount' } });
      const batch = await post('/ingest/Order/batch', '[{"id": 2}, {"id": "x"}, {"id": 3, "note": "é"}]');
      expect(batch).toMatchObject({
        status: 202,
        body: { accepted: 2, rejected: [{ index: 1, field: 'Order.id', pointer: '/id' }] },
      });
      await ingest.stop();
      const came = await drain(here);
      expect(came.map(text)).toEqual([' {"id": 1, "amount": 1.50}\n', '{"id": 2}', '{"id": 3, "note": "é"}']);
      expect(came.map(({ messageId }) => messageId)).toEqual([
        single.body['message_id'],
        ...(batch.body['message_ids'] as string[]),
      ]);
    });
  });

  test('a header in UTF-8 comes out as the text that was sent', async () => {
    await stage(kind, async (here) => {
      const { post, ingest } = await run(here.store, here.queue, here.shop);
      const name = 'Größe – 数 😀.txt';
      // A client gives the bytes of a header one by one.
      const headers = { 'x-name': Buffer.from(name).toString('latin1') };
      expect(await post('/ingest/Note', 'text', headers)).toMatchObject({ status: 202 });
      await ingest.stop();
      expect((await drain(here)).map(({ headers }) => ({ ...headers }))).toEqual([{ 'x-name': name }]);
    });
  });

  test('the same key is the same message id and one message, single and in a batch', async () => {
    await stage(kind, async (here) => {
      const { post, ingest, get } = await run(here.store, here.queue, here.shop);
      const key = { 'idempotency-key': 'order-4711' };
      const singles = [
        await post('/ingest/Order', '{"id":1}', key),
        await post('/ingest/Order', '{"id":1}', key),
      ];
      expect(singles.map(({ status, body }) => [status, body['status']])).toEqual([
        [202, 'accepted'],
        [202, 'accepted'],
      ]);
      expect(singles[1]?.body).toEqual(singles[0]?.body);
      const lines = '{"id":2}\n{"id":"x"}\n{"id":3}';
      const batches = [
        await post('/ingest/Order/batch', lines, key),
        await post('/ingest/Order/batch', lines, key),
      ];
      expect(batches[1]?.body).toEqual(batches[0]?.body);
      expect(batches[0]?.body).toMatchObject({ accepted: 2 });
      const other = await post('/ingest/Order', '{"id":1}', { 'idempotency-key': 'another' });
      expect(other.body['message_id']).not.toBe(singles[0]?.body['message_id']);
      expect(await get(`/status/${String(other.body['message_id'])}`)).toMatchObject({ status: 200 });
      await ingest.stop();
      expect((await drain(here)).map(text).toSorted()).toEqual([
        '{"id":1}',
        '{"id":1}',
        '{"id":2}',
        '{"id":3}',
      ]);
      const count = 'SELECT count(*)::int AS count FROM message_status';
      expect((await here.store.sql.query({ text: count })).rows).toEqual([{ count: 4 }]);
    });
  });

  test('a full queue is a 503, and nothing that was accepted is lost, singly and in a batch', async () => {
    await stage(
      kind,
      async (here) => {
        const { post, ingest } = await run(here.store, here.queue, here.shop);
        const note = 'x'.repeat(2_000);
        const accepted: unknown[] = [];
        const firstRefusal = await until('the queue to be full', async () => {
          const answer = await post('/ingest/Order', `{"id":1,"note":"${note}"}`);
          if (answer.status !== 202) return answer;
          accepted.push(answer.body['message_id']);
          return undefined;
        });
        expect(firstRefusal).toMatchObject({ status: 503, body: { code: 'queue_full' } });
        expect(firstRefusal.headers.get('retry-after')).toBe('1');
        expect((await drain(here)).map(({ messageId }) => messageId)).toEqual(accepted);

        const lines = Array.from({ length: 200 }, (_, id) => `{"id":${id},"note":"${note}"}`);
        const partial = await until('room', async () => {
          const answer = await post('/ingest/Order/batch', lines.join('\n'));
          return Number(answer.body['accepted']) > 0 && answer;
        });
        expect(partial).toMatchObject({ status: 503, body: { code: 'queue_full', unknown: [] } });
        await ingest.stop();
        const came = await drain(here);
        expect(came.map(({ messageId }) => messageId)).toEqual(partial.body['message_ids']);
        const stored = (partial.body['stored'] as { from: number; to: number }[]).flatMap(({ from, to }) =>
          lines.slice(from, to + 1),
        );
        expect(came.map(text)).toEqual(stored);
      },
      { maxBytes: '64KB' },
    );
  });

  test('while the queue cannot be reached the answer is 503, and it is 202 again by itself afterwards', async () => {
    await stage(kind, async (here) => {
      const { post, get, ingest } = await run(here.store, here.queue, here.shop);
      expect(await post('/ingest/Order', '{"id":1}')).toMatchObject({ status: 202 });
      await here.line.cut();
      const key = { 'idempotency-key': 'retried' };
      const single = await post('/ingest/Order', '{"id":2}', key);
      expect(single).toMatchObject({ status: 503, body: { code: 'queue_unavailable' } });
      expect(single.headers.get('retry-after')).toBe('1');
      expect(await post('/ingest/Order/batch', '{"id":3}\n{"id":4}')).toMatchObject({
        status: 503,
        body: { code: 'queue_unavailable', accepted: 0, stored: [] },
      });
      const ready = await get('/readyz');
      expect(ready).toMatchObject({ status: 503, body: { code: 'not_ready' } });
      expect(ready.body['message']).toContain('queue: ');
      expect(await get('/healthz')).toMatchObject({ status: 200 });
      await here.line.restore();
      await until(
        'the queue to be back',
        async () => (await post('/ingest/Order', '{"id":2}', key)).status === 202,
      );
      await until('the role to be ready', async () => (await get('/readyz')).status === 200);
      await ingest.stop();
      expect((await drain(here)).map(text)).toEqual(['{"id":1}', '{"id":2}']);
    });
  });

  test('what one role publishes and another consumes cannot drift: a start against another stream is refused', async () => {
    await stage(kind, async ({ name, store, queue }) => {
      const drifted = pipeline(name, { subject: 'work' });
      const shop = { plan: drifted, role: roleNamed(drifted, 'ingest') };
      const refusal = expect.stringMatching(
        new RegExp(`${name}\\.work\\.\\*[^]*${name}\\.ingest\\.\\*[^]*nomnom apply ${name}\\.nom`),
      );
      await expect(run(store, queue, shop)).rejects.toMatchObject({
        code: 'QUEUE_MISCONFIGURED',
        message: refusal,
      });
    });
  });

  test('a table without the unique constraint behind its upsert is refused at start', async () => {
    await stage(kind, async ({ store, queue, shop }) => {
      await store.sql.query({ text: 'ALTER TABLE orders DROP CONSTRAINT orders_pkey' });
      await expect(run(store, queue, shop)).rejects.toMatchObject({
        code: 'STORE_MISCONFIGURED',
        message: expect.stringMatching(/NOM901 table orders, key \(id\)[^]*nomnom apply/),
      });
      expect(await applyTables(store, shop.plan)).toEqual(['table orders: add key (id)']);
      await run(store, queue, shop);
    });
  });
});
