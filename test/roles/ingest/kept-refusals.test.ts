import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import { replay } from '../../../src/roles/dead-letters/replay.ts';
import { eachDeadLetter } from '../../../src/roles/dead-letters/walk.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';
import { openTcpProxy, through } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';
import { openRig, QUEUES } from '../worker/rig.ts';
import { run } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';

const database = await freshDatabase();
/** Ingest writes no table of the program. */
const prove = () => Promise.resolve();

const hooks = (id: string) => `
pipeline hooks${id}
stream S${id} { subject ingest = "s${id}.ingest.{entity}"  subject dead = "s${id}.dead.{entity}"  storage: memory }
role ingest { publish S${id}.ingest  body_limit: 4KB  on_refused: dead_letter }
role worker { consume S${id}.ingest  dead_letter S${id}.dead }
entity Event { id: int  name: text?  store events { key (id)  upsert on (id) } }
entity Strict { id: int  name: text?  on_refused: answer  store stricts { key (id)  upsert on (id) } }
entity Closed @strict { id: int  store closed { key (id)  upsert on (id) } }`;

describe.each(QUEUES)('refused messages over %s', (kind) => {
  test('are answered with 202, kept, repaired and replayed', async () => {
    const rig = await openRig(kind, hooks);
    const role = rig.plan.roles.find(({ name }) => name === 'ingest') ?? rig.role;
    const { post, get } = await run(rig.store, rig.queue, { plan: rig.plan, role });
    const letters = () => Array.fromAsync(eachDeadLetter(rig.store, { pipeline: rig.plan.pipeline }));

    // The same error as the 422 would have had, and the same bytes.
    const body = '{"id":[7],"name":"ä"}';
    const delivery = { 'idempotency-key': randomUUID() };
    const kept = await post('/ingest/Event', body, delivery);
    expect(kept).toMatchObject({ status: 202, body: { status: 'dlq' } });
    const id = String(kept.body['message_id']);
    expect((await get(`/status/${id}`)).body).toMatchObject({
      status: 'dlq',
      error: { code: 'wrong_type', field: 'Event.id', pointer: '/id' },
    });
    const strict = await post('/ingest/Strict', '{"id":[7]}');
    expect(strict).toMatchObject({ status: 422, body: { code: 'wrong_type', pointer: '/id' } });

    // All that is wrong with it, in both.
    const both = '{"id":[7],"name":8}';
    const faults = [
      { code: 'wrong_type', field: 'Strict.id', pointer: '/id' },
      { code: 'wrong_type', field: 'Strict.name', pointer: '/name' },
    ];
    expect(await post('/ingest/Strict', both)).toMatchObject({
      status: 422,
      body: { pointer: '/id', faults },
    });
    const batch = await post('/ingest/Strict/batch', `[${both}]`);
    expect(batch.body['rejected']).toMatchObject([{ index: 0, pointer: '/id', faults }]);
    const twice = await post('/ingest/Event', both);
    const [, dead] = await letters();
    expect(dead?.messageId).toBe(twice.body['message_id']);
    expect(dead?.error).toMatchObject({
      pointer: '/id',
      faults: [{ field: 'Event.id' }, { field: 'Event.name', pointer: '/name' }],
    });

    // A sender that repeats its delivery, also at the same time, has one dead letter.
    const repeats = await Promise.all([1, 2, 3].map(() => post('/ingest/Event', body, delivery)));
    for (const repeat of repeats) expect(repeat).toMatchObject({ status: 202, body: kept.body });
    expect(await letters()).toHaveLength(2);

    const bad = ['{"id":', '', '[]', Uint8Array.of(0xff)];
    for (const each of bad) expect(await post('/ingest/Event', each)).toMatchObject({ status: 202 });
    expect((await letters()).map(({ error }) => error.code)).toEqual([
      'wrong_type',
      'wrong_type',
      'invalid_json',
      'invalid_json',
      'not_an_object',
      'invalid_utf8',
    ]);
    expect(await post('/ingest/Event', `{"id":1,"name":"${'x'.repeat(5000)}"}`)).toMatchObject({
      status: 413,
    });
    expect(await post('/ingest/Event', '{"id":8}', delivery)).toMatchObject({ status: 422 });

    // Repaired and replayed, it is a message as any other; the sender may still repeat its delivery.
    const [letter] = await letters();
    if (letter === undefined) throw new Error('there is no dead letter');
    const [full] = await rig.store.ledger.deadLetters.readFull([letter.id]);
    expect(Buffer.from(full?.body ?? []).toString()).toBe(body);
    const publisher = rig.queue.publisher();
    const { plan, store } = rig;
    const repaired = Buffer.from('{"id":7}');
    expect(await replay({ plan, store, publisher, token: randomUUID(), body: repaired }, [letter])).toEqual([
      { kind: 'replayed' },
    ]);
    rig.work();
    await rig.settled(6);
    expect(await rig.rows('SELECT id FROM events')).toEqual([{ id: 7 }]);
    expect(await post('/ingest/Event', body, delivery)).toMatchObject({
      status: 202,
      body: { message_id: id, status: 'completed' },
    });
    expect(await letters()).toHaveLength(5);
  });

  test('are kept with as little of what a stranger named as the answer would have', async () => {
    const rig = await openRig(kind, hooks);
    const role = rig.plan.roles.find(({ name }) => name === 'ingest') ?? rig.role;
    const { post } = await run(rig.store, rig.queue, { plan: rig.plan, role });
    const unknown = `{"id":1,"${'k'.repeat(1_000)}":1}`;
    await post('/ingest/Closed', unknown);
    await post('/ingest/Closed/batch', `[${unknown}]`);
    const kept = await Array.fromAsync(eachDeadLetter(rig.store, { pipeline: rig.plan.pipeline }));
    expect(kept.map(({ error }) => [error.pointer.length, error.message.length <= 300])).toEqual([
      [300, true],
      [300, true],
    ]);
  });

  test('of a batch are kept one by one, and the answer names their dead letters', async () => {
    const rig = await openRig(kind, hooks);
    const role = rig.plan.roles.find(({ name }) => name === 'ingest') ?? rig.role;
    const { post, log } = await run(rig.store, rig.queue, { plan: rig.plan, role });
    const letters = () => Array.fromAsync(eachDeadLetter(rig.store, { pipeline: rig.plan.pipeline }));
    const told = () => log.lines.filter(({ message }) => message === 'message became a dead letter');
    const batch = ['{"id":1}', '{"id":[7]}', '{"id":', '{"id":2}'].join('\n');
    const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': randomUUID() };
    const answer = await post('/ingest/Event/batch', batch, headers);
    expect(answer).toMatchObject({
      status: 202,
      body: {
        accepted: 2,
        rejected_count: 2,
        kept_count: 2,
        rejected: [
          { index: 1, code: 'wrong_type' },
          { index: 2, code: 'invalid_json' },
        ],
      },
    });
    const kept = await letters();
    const rejected = answer.body['rejected'] as readonly { readonly message_id: string }[];
    expect(kept.map(({ messageId }) => messageId).toSorted()).toEqual(
      rejected.map((each) => each.message_id).toSorted(),
    );
    // The same batch once more keeps nothing twice.
    expect(await post('/ingest/Event/batch', batch, headers)).toMatchObject({
      status: 202,
      body: answer.body,
    });
    expect(await letters()).toHaveLength(2);
    // Each is told once, by its id.
    expect(
      told()
        .map(({ fields }) => String(fields['message_id']))
        .toSorted(),
    ).toEqual(kept.map(({ messageId }) => messageId).toSorted());
    // Without a key each element has an id of its own.
    const { 'content-type': type } = headers;
    const unkeyed = await post('/ingest/Event/batch', batch, { 'content-type': type });
    expect(unkeyed.body).toMatchObject({ accepted: 2, kept_count: 2 });
    expect(await letters()).toHaveLength(4);
    const strict = await post('/ingest/Strict/batch', batch, { 'content-type': type });
    expect(strict.body).toMatchObject({ accepted: 2, rejected_count: 2 });
    expect(strict.body).not.toHaveProperty('kept_count');
    rig.work();
    await rig.settled(10);
    expect(await rig.rows('SELECT id FROM events ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });
});

test('a message that an earlier program took is no dead letter, though this one would refuse it', async () => {
  const store = openStore({ url: database.url, max: 4, log: memoryLog() });
  onTestFinished(() => store.close());
  await store.transaction(({ ledger }) => ledger.migrate());
  const [strict, lenient] = [hooks('two'), hooks('two').replace('id: int ', 'id: text(9) ')].map((text) => {
    const plan = planOf(text);
    const [role] = plan.roles;
    if (role === undefined) throw new Error('the pipeline has no roles');
    return run(store, scriptedQueue(), { plan, role }, { prove });
  });
  const delivery = { 'idempotency-key': randomUUID() };
  const first = await (await lenient)?.post('/ingest/Event', '{"id":"x"}', delivery);
  const id = String(first?.body['message_id']);
  await until('the status', async () => (await store.ledger.readStatus(id)) !== undefined);
  const again = await (await strict)?.post('/ingest/Event', '{"id":"x"}', delivery);
  expect(again).toMatchObject({ status: 202, body: { message_id: id, status: 'accepted' } });
  expect((await store.ledger.readStatus(id))?.status).toBe('accepted');
});

test('while Postgres is away a refused message is answered with 503, and a good one is taken', async () => {
  const proxy = await openTcpProxy(database.url);
  onTestFinished(() => proxy.close());
  const store = openStore({ url: through(proxy, database.url), max: 4, log: memoryLog() });
  onTestFinished(() => store.close());
  await store.transaction(({ ledger }) => ledger.migrate());
  const plan = planOf(hooks('away'));
  const [role] = plan.roles;
  if (role === undefined) throw new Error('the pipeline has no roles');
  const { post } = await run(store, scriptedQueue(), { plan, role }, { prove });
  await proxy.cut();
  expect(await post('/ingest/Event', '{"id":"x"}')).toMatchObject({
    status: 503,
    body: { code: 'store_unavailable' },
  });
  const batch = { 'content-type': 'application/x-ndjson' };
  expect(await post('/ingest/Event/batch', '{"id":"x"}\n{"id":2}', batch)).toMatchObject({
    status: 503,
    body: { code: 'store_unavailable', accepted: 1, rejected_count: 1, kept_count: 0 },
  });
  expect(await post('/ingest/Event', '{"id":1}')).toMatchObject({ status: 202 });
  await proxy.restore();
  expect(await post('/ingest/Event', '{"id":"x"}')).toMatchObject({ status: 202, body: { status: 'dlq' } });
});
