import { expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { ledgerStore, run } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';
import { shopPlan } from './shop.ts';

const store = await ledgerStore();

const bodies = (stored: readonly { body: Uint8Array }[]) =>
  stored.map(({ body }) => Buffer.from(body).toString());

test('lines of NDJSON become messages byte for byte, in order, empty lines left out', async () => {
  const queue = scriptedQueue();
  const { post } = await run(store, queue);
  const answer = await post('/ingest/Order/batch', '{"id": 1, "s": "é"}\r\n\n{"id":2e0}\n  \n{"id":3}');
  expect(answer.status).toBe(202);
  expect(bodies(queue.stored)).toEqual(['{"id": 1, "s": "é"}', '{"id":2e0}', '{"id":3}']);
  expect(answer.body).toEqual({
    accepted: 3,
    rejected_count: 0,
    rejected: [],
    rejected_truncated: false,
    message_ids: queue.stored.map(({ messageId }) => messageId),
    message_ids_truncated: false,
  });
});

test('elements of a JSON array become messages byte for byte, in order', async () => {
  const queue = scriptedQueue();
  const { post } = await run(store, queue);
  const answer = await post(
    '/ingest/Order/batch',
    '\n [ {"id": 1.0,  "n": 12345678901234567890.50} ,{"id":2,"s":"],[é"}]\n',
    { 'content-type': 'application/json' },
  );
  expect(answer).toMatchObject({ status: 202, body: { accepted: 2 } });
  expect(bodies(queue.stored)).toEqual(['{"id": 1.0,  "n": 12345678901234567890.50}', '{"id":2,"s":"],[é"}']);
});

test('a refused element costs only itself and is named by its index', async () => {
  const queue = scriptedQueue();
  const { post } = await run(store, queue);
  const lines = [
    Buffer.from('{"id":1}'),
    Buffer.from('{"id":"x"}'),
    Buffer.from('{"id"'),
    Buffer.from([0x7b, 0xff, 0x7d]),
    Buffer.from(`{"id":5,"s":"${'x'.repeat(5000)}"}`),
    Buffer.from('{"id":6,"s":"é"}'),
  ];
  const answer = await post(
    '/ingest/Order/batch',
    Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])),
  );
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({
    accepted: 2,
    rejected: [
      { index: 1, code: 'wrong_type', field: 'Order.id', pointer: '/id' },
      { index: 2, code: 'invalid_json', pointer: '' },
      { index: 3, code: 'invalid_utf8', pointer: '' },
      { index: 4, code: 'too_large', pointer: '' },
    ],
    message_ids: queue.stored.map(({ messageId }) => messageId),
  });
  expect(bodies(queue.stored)).toEqual(['{"id":1}', '{"id":6,"s":"é"}']);
});

test('an array that is not JSON is refused as a whole, with the place of its fault', async () => {
  const queue = scriptedQueue();
  const { post } = await run(store, queue);
  const answer = await post('/ingest/Order/batch', '[{"id":1},\n {"id":2}');
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_json', line: 2, pointer: '' } });
  expect(queue.stored).toEqual([]);
});

test('an empty batch accepts nothing', async () => {
  const { post } = await run(store, scriptedQueue());
  for (const body of ['', '\n\n', '[]']) {
    expect(await post('/ingest/Order/batch', body)).toMatchObject({
      status: 202,
      body: { accepted: 0, rejected: [], message_ids: [] },
    });
  }
});

test('a batch over its limit is refused, naming the limit', async () => {
  const { post } = await run(store, scriptedQueue(), shopPlan({ batchLimit: 1000 }));
  const answer = await post('/ingest/Order/batch', `{"id":1}\n`.repeat(1000));
  expect(answer).toMatchObject({ status: 413, body: { code: 'too_large', limit: 1000 } });
});

test('messages of one batch never overtake each other: its next part waits until the last is stored', async () => {
  const queue = scriptedQueue();
  const { post } = await run(store, queue, shopPlan({ publishWindow: 700 }));
  const lines = Array.from({ length: 1000 }, (_, id) => `{"id":${id}}`);
  expect(await post('/ingest/Order/batch', lines.join('\n'))).toMatchObject({ body: { accepted: 1000 } });
  expect(queue.calls.length).toBeGreaterThan(1);
  expect(queue.mostAtOnce).toBe(1);
  expect(bodies(queue.stored)).toEqual(lines);
});

test('a batch larger than the publish window goes through in parts, never over it', async () => {
  const queue = scriptedQueue();
  const { post } = await run(store, queue, shopPlan({ publishWindow: 7 }));
  const ids = Array.from({ length: 100 }, (_, id) => `{"id":${id}}`);
  expect(await post('/ingest/Order/batch', ids.join('\n'))).toMatchObject({
    status: 202,
    body: { accepted: 100 },
  });
  expect(bodies(queue.stored)).toEqual(ids);
  expect(Math.max(...queue.calls)).toBe(7);
});

test('when the queue fails inside a batch, the answer says of every element whether it is stored', async () => {
  const queue = scriptedQueue();
  queue.decide = (_message, place) => {
    if (place < 5) return { kind: 'stored', duplicate: false };
    return place === 5 ? { kind: 'full', reason: 'maximum bytes' } : { kind: 'stored', duplicate: false };
  };
  const { post } = await run(store, queue, shopPlan({ publishWindow: 4 }));
  const lines = Array.from({ length: 20 }, (_, id) => (id === 1 ? '{"id":"x"}' : `{"id":${id}}`));
  const answer = await post('/ingest/Order/batch', lines.join('\n'));
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(answer.body).toMatchObject({
    code: 'queue_full',
    pointer: '',
    rejected: [{ index: 1, code: 'wrong_type' }],
    unknown: [],
  });
  const { stored, not_stored: notStored } = answer.body as Record<string, { from: number; to: number }[]>;
  const indexes = (ranges: { from: number; to: number }[] = []) =>
    ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, place) => from + place));
  expect(indexes(stored).map((index) => lines[index])).toEqual(bodies(queue.stored));
  expect([...indexes(stored), ...indexes(notStored), 1].sort((a, b) => a - b)).toEqual(
    lines.map((_, index) => index),
  );
  expect(answer.body['message_ids']).toEqual(queue.stored.map(({ messageId }) => messageId));
  expect(answer.body['accepted']).toBe(queue.stored.length);
});

test('elements whose fate the queue did not tell are listed with their message ids', async () => {
  const queue = scriptedQueue();
  queue.decide = ({ body }) =>
    Buffer.from(body).toString() === '{"id":1}'
      ? { kind: 'unavailable', reason: 'no answer' }
      : { kind: 'stored', duplicate: false };
  const { post } = await run(store, queue);
  const answer = await post('/ingest/Order/batch', '{"id":0}\n{"id":1}\n{"id":2}');
  expect(answer.body).toMatchObject({
    status: 503,
    code: 'queue_unavailable',
    accepted: 2,
    stored: [
      { from: 0, to: 0 },
      { from: 2, to: 2 },
    ],
    not_stored: [],
    unknown: [{ index: 1, message_id: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
  });
});

test('only so many batches are in memory at once; one more is a 503 before its body is read', async () => {
  const queue = scriptedQueue();
  const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
  queue.gate = gate;
  const { post } = await run(store, queue);
  const inside = Array.from({ length: 8 }, (_, id) => post('/ingest/Order/batch', `{"id":${id}}`));
  await until('eight to be published', () => queue.calls.length === 8);
  const over = await post('/ingest/Order/batch', '{"id":9}');
  expect(over).toMatchObject({ status: 503, body: { code: 'too_busy' } });
  expect(over.headers.get('retry-after')).toBe('1');
  open(undefined);
  expect((await Promise.all(inside)).map(({ status }) => status)).toEqual(Array<number>(8).fill(202));
  await until('room for a batch', async () => (await post('/ingest/Order/batch', '{"id":9}')).status === 202);
});

test('an answer counts everything and lists the first ones; of a broken batch it says how far its lists go', async () => {
  const queue = scriptedQueue();
  const { post } = await run(store, queue);
  const mixed = Array.from({ length: 2400 }, (_, id) => (id % 2 === 0 ? `{"id":${id}}` : '1')).join('\n');
  const whole = await post('/ingest/Order/batch', mixed);
  expect(whole).toMatchObject({
    status: 202,
    body: { accepted: 1200, rejected_count: 1200, rejected_truncated: true, message_ids_truncated: false },
  });
  expect(whole.body['rejected']).toHaveLength(1000);
  queue.decide = () => ({ kind: 'full', reason: 'maximum bytes' });
  const broken = await post('/ingest/Order/batch', mixed);
  expect(broken).toMatchObject({
    status: 503,
    body: { accepted: 0, rejected_count: 1200, not_stored_count: 1200, unknown_count: 0, listed_below: 2000 },
  });
  expect(broken.body['not_stored']).toHaveLength(1000);
});
