import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { ledgerStore, run } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';
import { shopPlan } from './shop.ts';

const store = await ledgerStore();

test.for([
  [
    'a wrong value',
    '{"id":"x"}',
    {},
    422,
    { code: 'wrong_type', pointer: '/id', field: 'Order.id', entity: 'Order' },
  ],
  ['a missing field', '{}', {}, 422, { code: 'missing', pointer: '/id', field: 'Order.id' }],
  ['a body that is no object', '[1]', {}, 422, { code: 'not_an_object', pointer: '' }],
  ['a body nested too deep', '['.repeat(65) + ']'.repeat(65), {}, 422, { code: 'too_deep', pointer: '' }],
  ['broken JSON', '{"id":1,\n "x" 2}', {}, 400, { code: 'invalid_json', pointer: '', line: 2, column: 6 }],
  ['no body', '', {}, 400, { code: 'invalid_json', line: 1, column: 1 }],
  [
    'bytes that are not UTF-8',
    Uint8Array.of(0x22, 0xff, 0x22),
    {},
    400,
    { code: 'invalid_utf8', pointer: '' },
  ],
  [
    'a key that is too long',
    '{"id":1}',
    { 'idempotency-key': 'k'.repeat(256) },
    400,
    { code: 'invalid_idempotency_key' },
  ],
  ['a key with a space', '{"id":1}', { 'idempotency-key': 'a b' }, 400, { code: 'invalid_idempotency_key' }],
  ['an empty key', '{"id":1}', { 'idempotency-key': '' }, 400, { code: 'invalid_idempotency_key' }],
  ['a body over the limit', `"${'x'.repeat(5000)}"`, {}, 413, { code: 'too_large', limit: 4096 }],
  ['a compressed body', '{"id":1}', { 'content-encoding': 'gzip' }, 415, { code: 'unsupported_media_type' }],
  [
    'a form of parts',
    '--x--',
    { 'content-type': 'multipart/form-data; boundary=x' },
    415,
    { code: 'unsupported_media_type' },
  ],
  [
    'another charset',
    '{"id":1}',
    { 'content-type': 'application/json; charset=utf-16' },
    415,
    { code: 'unsupported_media_type' },
  ],
  [
    'a content type that is none',
    '{"id":1}',
    { 'content-type': 'json' },
    415,
    { code: 'unsupported_media_type' },
  ],
] as const)('refused with code and place: %s', async ([, body, headers, status, expected]) => {
  const queue = scriptedQueue();
  const { post } = await run(store, queue);
  const answer = await post('/ingest/Order', body, headers);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({
    status,
    pointer: '',
    ...expected,
    message: expect.stringMatching(/\w/),
  });
  expect(queue.stored).toEqual([]);
});

test('an unknown entity is told with the known ones', async () => {
  const { post } = await run(store, scriptedQueue());
  const answer = await post('/ingest/Ordr', '{"id":1}');
  expect(answer.status).toBe(404);
  expect(answer.body).toMatchObject({ code: 'unknown_entity', known: ['Order', 'Note'] });
  expect(answer.body['message']).toContain('Order, Note');
});

test('a path or a method that is not there is a problem like every other', async () => {
  const { post, get } = await run(store, scriptedQueue());
  expect(await get('/nothing')).toMatchObject({ status: 404, body: { code: 'unknown_route' } });
  const wrongMethod = await get('/ingest/Order');
  expect(wrongMethod).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  expect(wrongMethod.headers.get('allow')).toBe('POST');
  expect(await post('/status/x', '')).toMatchObject({ status: 405 });
  expect(await get('/ingest/%ZZ')).toMatchObject({ status: 400, body: { code: 'bad_request' } });
});

test('what is not HTTP is answered in the same format', async () => {
  const { ingest } = await run(store, scriptedQueue());
  const socket = connect(Number(new URL(ingest.address).port), '127.0.0.1');
  socket.end('nonsense\r\n\r\n');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(socket, 'close');
  expect(text).toContain('HTTP/1.1 400');
  expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({ status: 400, code: 'bad_request' });
});

test('a message larger than the queue takes is refused with that limit', async () => {
  const { post } = await run(store, scriptedQueue(100));
  const answer = await post('/ingest/Order', `{"id":1,"note":"${'x'.repeat(100)}"}`);
  expect(answer).toMatchObject({ status: 413, body: { code: 'too_large', limit: 100 } });
});

test('any content type that can be read is read', async () => {
  const { post } = await run(store, scriptedQueue());
  for (const type of [
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/vnd.x+json',
  ]) {
    expect((await post('/ingest/Order', '{"id":1}', { 'content-type': type })).status).toBe(202);
  }
});

test('a raw entity takes any text, with the headers that it reads and no others', async () => {
  const queue = scriptedQueue();
  const { post } = await run(store, queue);
  const body = 'MSH|^~\\&|\rPID|1';
  expect((await post('/ingest/Note', body, { 'x-filename': 'a.hl7', 'x-other': 'y' })).status).toBe(202);
  expect(queue.stored.map(({ headers, body: bytes }) => [headers, Buffer.from(bytes).toString()])).toEqual([
    [{ 'x-filename': 'a.hl7' }, body],
  ]);
  expect(await post('/ingest/Note', body)).toMatchObject({ status: 422, body: { code: 'missing' } });
  expect(await post('/ingest/Note/batch', body)).toMatchObject({
    status: 400,
    body: { code: 'batch_of_raw' },
  });
});

test('nothing of a body is in the log, whatever became of it', async () => {
  const queue = scriptedQueue();
  const { post, get, log } = await run(store, queue, shopPlan());
  const secret = 'k7secret';
  queue.decide = (_message, place) =>
    place === 2 ? { kind: 'full', reason: 'full' } : { kind: 'stored', duplicate: false };
  await post('/ingest/Order', `{"id":1,"${secret}":"${secret}"}`);
  await post('/ingest/Order', `{"id":"${secret}"}`);
  await post('/ingest/Order', `{${secret}`);
  await post('/ingest/Order/batch', `{"id":1,"a":"${secret}"}\n{"id":"${secret}"}\n${secret}`);
  await post('/ingest/Order', `{"id":1,"a":"${secret}"}`);
  await post('/ingest/Order', Buffer.concat([Buffer.from(secret), Uint8Array.of(0xff)]));
  await post(`/ingest/Order`, `"${secret.repeat(1000)}"`);
  await get('/healthz');
  expect(log.lines.map(({ message }) => message)).toEqual(
    expect.arrayContaining(['accepted', 'refused', 'accepted a batch', 'not accepted']),
  );
  expect(JSON.stringify(log.lines)).not.toContain(secret);
});

test('a failure of our own is a 500 that tells nothing of the request, and is in the log', async () => {
  const shop = shopPlan();
  const [order, ...rest] = shop.plan.entities;
  if (order === undefined) throw new Error('the shop has an Order');
  const evaluate = () => {
    throw new Error('quoting k7secret');
  };
  const plan = { ...shop.plan, entities: [{ ...order, evaluate }, ...rest] };
  const { post, log } = await run(store, scriptedQueue(), { ...shop, plan });
  const answer = await post('/ingest/Order', '{"id":1}');
  expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
  expect(JSON.stringify([answer.body, log.lines])).not.toContain('k7secret');
  expect(log.lines.some(({ level, message }) => level === 'error' && message === 'a request failed')).toBe(
    true,
  );
});
