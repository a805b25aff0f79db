import { expect, test } from 'vitest';
import { sessionOver } from '../../../src/adapters/postgres/session.ts';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import type { PublishOutcome } from '../../../src/ports/queue.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { until } from '../../support/until.ts';
import { ledgerStore, run } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';
import { shopPlan } from './shop.ts';

const store = await ledgerStore();

function gate(): { readonly closed: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { closed: promise, open: () => resolve(undefined) };
}

test('202 is given only after the queue has stored the message', async () => {
  const queue = scriptedQueue();
  const { closed, open } = gate();
  queue.gate = closed;
  const { post } = await run(store, queue);
  let answered = false;
  const answer = post('/ingest/Order', '{"id":1}').finally(() => (answered = true));
  await until('the message to be published', () => queue.calls.length === 1);
  expect(answered).toBe(false);
  open();
  expect(await answer).toMatchObject({ status: 202, body: { status: 'accepted' } });
  expect(queue.stored.map(({ messageId }) => messageId)).toEqual([(await answer).body['message_id']]);
});

test('the bytes that were received are the bytes that are published', async () => {
  const queue = scriptedQueue();
  const { post } = await run(store, queue);
  const body = ' {"id": 1.0e0,\t"n": 12345678901234567890.10, "s": "\\u00e9é𝄞"}\r\n';
  expect((await post('/ingest/Order', body)).status).toBe(202);
  expect(Buffer.from(queue.stored[0]?.body ?? []).toString()).toBe(body);
});

test('a published message says all that the worker needs', async () => {
  const queue = scriptedQueue();
  const before = Date.now();
  const { post } = await run(store, queue);
  const { body } = await post('/ingest/Order', '{"id":1}');
  const id = body['message_id'];
  expect(queue.stored[0]).toMatchObject({
    stream: 'SHOP',
    subject: 'shop.ingest.Order',
    entity: 'Order',
    messageId: id,
    dedupeId: id,
    generation: 0,
    headers: {},
  });
  expect(queue.stored[0]?.receivedAt).toBeGreaterThanOrEqual(before);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test.for([
  ['full', { kind: 'full', reason: 'maximum bytes' }, 'queue_full'],
  ['unreachable', { kind: 'unavailable', reason: 'no connection' }, 'queue_unavailable'],
  ['different from the plan', { kind: 'misconfigured', reason: 'no stream' }, 'queue_misconfigured'],
] as const)(
  'a queue that is %s is a 503 with Retry-After, and the message is not said to be accepted',
  async ([, outcome, code]) => {
    const queue = scriptedQueue();
    queue.decide = () => outcome satisfies PublishOutcome;
    const { post, get } = await run(store, queue);
    const key = { 'idempotency-key': code };
    const answer = await post('/ingest/Order', '{"id":1}', key);
    expect(answer).toMatchObject({ status: 503, body: { code, pointer: '' } });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.body['message']).toContain(outcome.reason);
    queue.decide = () => ({ kind: 'stored', duplicate: false });
    const { body } = await post('/ingest/Order', '{"id":1}', key);
    expect(await get(`/status/${String(body['message_id'])}`)).toMatchObject({
      body: { status: 'accepted' },
    });
  },
);

test('a lost answer of the queue is asked again with the same id before the client hears of it', async () => {
  const queue = scriptedQueue();
  queue.decide = (_message, place) =>
    place === 0 ? { kind: 'unavailable', reason: 'no answer' } : { kind: 'stored', duplicate: true };
  const { post } = await run(store, queue);
  expect(await post('/ingest/Order', '{"id":1}')).toMatchObject({ status: 202 });
  expect(queue.calls).toEqual([1, 1]);
});

test('over the publish window new messages are a 503, and those inside are all answered', async () => {
  const queue = scriptedQueue();
  const { closed, open } = gate();
  queue.gate = closed;
  const { post } = await run(store, queue, shopPlan({ publishWindow: 5 }));
  const inside = Array.from({ length: 5 }, (_, id) => post('/ingest/Order', `{"id":${id}}`));
  await until('five to be published', () => queue.calls.reduce((sum, count) => sum + count, 0) === 5);
  const over = await post('/ingest/Order', '{"id":6}');
  expect(over).toMatchObject({ status: 503, body: { code: 'too_busy' } });
  expect(over.headers.get('retry-after')).toBe('1');
  expect(await post('/ingest/Order/batch', '{"id":7}')).toMatchObject({
    status: 503,
    body: { code: 'too_busy' },
  });
  open();
  expect((await Promise.all(inside)).map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
  expect(await post('/ingest/Order', '{"id":8}')).toMatchObject({ status: 202 });
});

test('a status is known from the moment of the 202, and its row is written in the background', async () => {
  const { post, get } = await run(store, scriptedQueue());
  const { body } = await post('/ingest/Order', '{"id":1}');
  const id = String(body['message_id']);
  const status = {
    message_id: id,
    pipeline: 'shop',
    entity_type: 'Order',
    status: 'accepted',
    retry_count: 0,
    error: null,
  };
  expect(await get(`/status/${id}`)).toMatchObject({ status: 200, body: status });
  const text = 'SELECT entity_type, status FROM message_status WHERE message_id = $1';
  const row = await until('the row', async () => (await store.sql.query({ text, values: [id] })).rows[0]);
  expect(row).toEqual({ entity_type: 'Order', status: 'accepted' });
  expect(await get(`/status/${id.toUpperCase()}`)).toMatchObject({ status: 200, body: status });
});

test('a status of an unknown message is 404, of what is no message id 400', async () => {
  const { get } = await run(store, scriptedQueue());
  const unknown = '01a20c2c-e5a9-7000-8fbd-b8adf6bdbba2';
  expect(await get(`/status/${unknown}`)).toMatchObject({ status: 404, body: { code: 'unknown_message' } });
  expect(await get('/status/12')).toMatchObject({ status: 400, body: { code: 'invalid_message_id' } });
});

test('messages are accepted without Postgres, and their statuses are written once it is back', async () => {
  let away = false;
  const flaky: typeof store = {
    ...store,
    ...sessionOver({ query: (query) => (away ? nowhere : store).sql.query(query) }),
  };
  const { post, get, ingest } = await run(flaky, scriptedQueue(), shopPlan(), {
    prove: () => Promise.resolve(),
  });
  away = true;
  const answer = await post('/ingest/Order', '{"id":1}');
  expect(answer.status).toBe(202);
  const id = String(answer.body['message_id']);
  expect(await get(`/status/${id}`)).toMatchObject({ status: 200, body: { status: 'accepted' } });
  expect(await get('/status/01a20c2c-e5a9-7000-8fbd-b8adf6bdbba2')).toMatchObject({
    status: 503,
    body: { code: 'store_unavailable' },
  });
  away = false;
  await ingest.stop();
  const text = 'SELECT status FROM message_status WHERE message_id = $1';
  expect((await store.sql.query({ text, values: [id] })).rows).toEqual([{ status: 'accepted' }]);
});

const nowhere = openStore({ url: 'postgres://nobody@127.0.0.1:1/none', max: 1, log: memoryLog() });
