import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { diagnoseMessages } from '../../../src/roles/doctor/messages.ts';
import { overview } from '../../../src/roles/overview/overview.ts';
import { until } from '../../support/until.ts';
import { openRig, QUEUES, type QueueKind, type Rig } from '../worker/rig.ts';
import { run } from './running.ts';

const EVERY = { every: 50 };

function source(id: string, settings = '', worker = ''): string {
  return `
pipeline loss${id}
stream L${id} {
  subject ingest = "l${id}.ingest.{entity}"
  subject dead = "l${id}.dead.{entity}"
  storage: memory
  ${settings}
}
role ingest { publish L${id}.ingest }
role worker { consume L${id}.ingest  dead_letter L${id}.dead  batch: 50  attempts: 3  backoff: 1s..2s  ${worker} }
entity Order { id: bigint  parent: bigint?  store orders { key (id)  upsert on (id) replace } }
`;
}

async function stage(kind: QueueKind, settings = '', worker = '') {
  const rig = await openRig(kind, (id) => source(id, settings, worker));
  const role = rig.plan.roles.find(({ name }) => name === 'ingest');
  if (role === undefined) throw new Error('the pipeline has an ingest role');
  const ingest = await run(rig.store, rig.queue, { plan: rig.plan, role }, { lossCheck: EVERY });
  return { rig, role, ingest };
}

type Stage = Awaited<ReturnType<typeof stage>>;

const streamOf = (rig: Rig): string => rig.plan.streams[0]?.name ?? '';

async function managerOf() {
  const connection = await connect({ servers: inject('natsUrl') });
  onTestFinished(() => connection.close());
  return jetstreamManager(connection);
}

/** Everything in the queue is gone, without anybody having worked it. */
async function purge(kind: QueueKind, rig: Rig): Promise<void> {
  if (kind === 'Postgres') await rig.store.sql.query({ text: 'TRUNCATE nomnom_queue' });
  else await (await managerOf()).streams.purge(streamOf(rig));
}

async function send({ ingest }: Stage, id: number, key?: string): Promise<string> {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  const answer = await ingest.post('/ingest/Order', `{"id":${id}}`, headers);
  expect(answer.status).toBe(202);
  return String(answer.body['message_id']);
}

async function statusBecomes({ rig }: Stage, id: string, status: string): Promise<void> {
  await until(
    `${id} to be ${status}`,
    async () => (await rig.store.ledger.readStatus(id))?.status === status,
    {
      within: 30_000,
    },
  );
}

const health = async ({ ingest }: Stage) => (await ingest.get('/readyz')).body;

/** As many looks as a false alarm would need, and some more: the queue was asked so often. */
async function looks(here: Stage, count: number): Promise<void> {
  let asked = 0;
  const { extents } = here.rig.queue;
  here.rig.queue.extents = async (plan) => {
    asked += 1;
    return extents(plan);
  };
  await until(`${count} looks`, async () => asked >= count, { within: 30_000 });
}

describe.each(QUEUES)('messages that the %s queue has lost', (kind) => {
  test('are found after a purge, told in the log, the status and /readyz, and are accepted again under their key', async () => {
    const here = await stage(kind);
    const ids = [await send(here, 1, 'one'), await send(here, 2, 'two'), await send(here, 3)];
    const batch = '{"id":10}\n{"id":11}';
    const key = { 'idempotency-key': 'batch' };
    const sent = await here.ingest.post('/ingest/Order/batch', batch, key);
    ids.push(...(sent.body['message_ids'] as string[]));
    for (const id of ids) await statusBecomes(here, id, 'accepted');
    await looks(here, 3);
    await purge(kind, here.rig);
    for (const id of ids) await statusBecomes(here, id, 'lost');
    const { plan, store, queue } = here.rig;
    expect((await overview(plan, store, queue, Date.now())).lost).toMatchObject({
      kind: 'known',
      entities: [{ entity: 'Order', count: ids.length }],
    });
    expect(await diagnoseMessages(store, plan)).toContainEqual(
      expect.objectContaining({ status: 'fail', message: expect.stringContaining(`Order ${ids.length}`) }),
    );
    const status = await here.ingest.get(`/status/${ids[0]}`);
    expect(status).toMatchObject({ status: 200, body: { status: 'lost', error: { code: 'lost' } } });
    expect(JSON.stringify(status.body['error'])).toMatch(
      /the queue no longer has it: stream L\w+ was (purged|made anew)/,
    );
    await until('the role to be degraded', async () => (await health(here))['status'] === 'degraded');
    expect(await health(here)).toMatchObject({
      reasons: [{ check: 'lost', message: expect.stringContaining(`${ids.length} accepted messages`) }],
    });
    const told = here.ingest.log.lines.filter(({ message }) => message === 'messages are lost');
    expect(told.every(({ level }) => level === 'error')).toBe(true);
    expect(told.flatMap(({ fields }) => fields['message_ids'] as string[]).toSorted()).toEqual(
      ids.toSorted(),
    );

    // The queue still knows the ids as duplicates.
    expect(await here.ingest.post('/ingest/Order', '{"id":9}', { 'idempotency-key': 'one' })).toMatchObject({
      status: 422,
    });
    expect([await send(here, 1, 'one'), await send(here, 2, 'two')]).toEqual(ids.slice(0, 2));
    const again = await here.ingest.post('/ingest/Order/batch', batch, key);
    expect(again).toMatchObject({ status: 202, body: { accepted: 2, message_ids: ids.slice(3) } });
    expect(await here.rig.status(ids[0] ?? '')).toMatchObject({
      status: 'accepted',
      generation: 1,
      error: null,
    });
    here.rig.work();
    for (const id of ids.filter((_, at) => at !== 2)) await statusBecomes(here, id, 'completed');
    expect(await here.rig.rows('SELECT id::int AS id FROM orders ORDER BY id')).toEqual(
      [1, 2, 10, 11].map((id) => ({ id })),
    );
    // The one without a key is sent as a new message; its old status is what remains.
    expect(await here.rig.statuses()).toEqual({ completed: 4, lost: 1 });
    await until('one to be left', async () => JSON.stringify(await health(here)).includes('1 accepted'));
    await here.rig.store.sql.query({ text: `DELETE FROM message_status WHERE status = 'lost'` });
    await until('the role to be well', async () => (await health(here))['status'] === 'ready');
  });

  test('can be lost and sent again more than once', async () => {
    const here = await stage(kind);
    const id = await send(here, 1, 'often');
    for (const generation of [0, 1, 2]) {
      await statusBecomes(here, id, 'accepted');
      expect(await here.rig.status(id)).toMatchObject({ generation });
      await purge(kind, here.rig);
      await statusBecomes(here, id, 'lost');
      await send(here, 1, 'often');
    }
    here.rig.work();
    await statusBecomes(here, id, 'completed');
    expect(await here.rig.status(id)).toMatchObject({ generation: 3, error: null });
  });

  test('are settled where they come all the same: a false alarm heals itself', async () => {
    const here = await stage(kind);
    const ids = [await send(here, 1), await send(here, 2)];
    for (const id of ids) await statusBecomes(here, id, 'accepted');
    await here.rig.store.sql.query({ text: `UPDATE message_status SET status = 'lost'` });
    here.rig.work();
    for (const id of ids) await statusBecomes(here, id, 'completed');
    expect(await here.rig.statuses()).toEqual({ completed: 2 });
  });

  test('are not what waits: a backlog, a message that is out, one that waits for its next try, and traffic behind it', async () => {
    const here = await stage(kind);
    const worker = here.rig.plan.roles.find(({ name }) => name === 'worker')?.consumes[0];
    if (worker === undefined) throw new Error('the worker consumes');
    const ids = [await send(here, 1), await send(here, 2), await send(here, 3)];
    for (const id of ids) await statusBecomes(here, id, 'accepted');
    await looks(here, 4);
    const consumer = await here.rig.queue.consumer(worker);
    onTestFinished(() => consumer.close());
    const request = { max: 1, wait: 5_000, linger: 0, signal: new AbortController().signal };
    const held = [...(await consumer.fetch(request)), ...(await consumer.fetch(request))];
    await looks(here, 4);
    await consumer.retry(held.slice(0, 1), 60_000);
    await looks(here, 4);
    expect(await here.rig.statuses()).toEqual({ accepted: 3 });
    await consumer.retry(held.slice(1), 1);
    here.rig.work();
    // Traffic flows by the one that waits for a minute.
    for (let id = 10; id < 20; id += 1) await send(here, id);
    await until('the others to be done', async () => (await here.rig.statuses())['completed'] === 12);
    await looks(here, 4);
    expect(await here.rig.statuses()).toEqual({ completed: 12, accepted: 1 });
  });

  test('are found by a process that was started after the loss, whenever they were accepted', async () => {
    const here = await stage(kind);
    await here.ingest.ingest.stop();
    const at = new Date(Date.now() - 86_400_000).toISOString();
    await here.rig.store.sql.query({
      text: `INSERT INTO message_status (message_id, pipeline, entity_type, status, received_at, updated_at)
        SELECT gen_random_uuid(), $1, 'Order', CASE WHEN n % 2 = 0 THEN 'accepted' ELSE 'retrying' END, $2, now()
        FROM generate_series(1, 2500) AS n`,
      values: [here.rig.plan.pipeline, at],
    });
    await run(here.rig.store, here.rig.queue, { plan: here.rig.plan, role: here.role }, { lossCheck: EVERY });
    await until('all to be lost', async () => (await here.rig.statuses())['lost'] === 2_500, {
      within: 30_000,
    });
    expect(await here.rig.statuses()).toEqual({ lost: 2_500 });
  });
});

describe('the JetStream queue', () => {
  test.each(['the stream is made anew', 'messages of its subject are purged', 'their max_age passes'])(
    'a loss is found where %s',
    async (how) => {
      const age = how.includes('max_age') ? (['max_age: 3s', 'ack_wait: 2s'] as const) : [];
      const here = await stage('JetStream', ...age);
      const manager = await managerOf();
      const id = await send(here, 1, 'key');
      await statusBecomes(here, id, 'accepted');
      await looks(here, 2);
      const stream = streamOf(here.rig);
      if (how.includes('anew')) {
        await manager.streams.delete(stream);
        await until(
          'the role not to be ready',
          async () => (await here.ingest.get('/readyz')).status === 503,
        );
        await here.rig.queue.apply(here.rig.plan);
        await until('the role to be ready', async () => (await here.ingest.get('/readyz')).status === 200);
      } else if (how.includes('purged')) {
        await manager.streams.purge(stream, { filter: `${stream.toLowerCase()}.ingest.Order` });
      }
      await statusBecomes(here, id, 'lost');
      const reason = how.includes('anew') ? 'made anew' : how.includes('max_age') ? 'max_age' : 'purged';
      expect((await here.rig.status(id))?.error?.message).toContain(reason);
      await send(here, 1, 'key');
      here.rig.work();
      await statusBecomes(here, id, 'completed');
    },
  );
});
