import { expect, test } from 'vitest';
import { planOf } from '../../support/plan.ts';
import { until } from '../../support/until.ts';
import { ledgerStore, run } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';
import { shopPlan } from './shop.ts';

const store = await ledgerStore();

test('under pressure a request is a 503 before its body is read, the role is not ready, and yet alive', async () => {
  const queue = scriptedQueue();
  const pressure = { eventLoopDelay: 60_000, heap: 1, memory: Infinity };
  const { post, get, log } = await run(store, queue, shopPlan(), { limits: { pressure } });
  const answer = await until('the first sample', async () => {
    const answer = await post('/ingest/Order', '{"id":1}');
    return answer.status === 503 && answer;
  });
  expect(answer).toMatchObject({ body: { code: 'too_busy', message: 'the process is under pressure' } });
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(await post('/ingest/Order/batch', '[]')).toMatchObject({ status: 503 });
  expect(await get('/healthz')).toMatchObject({ status: 200 });
  expect(await get('/readyz')).toMatchObject({
    status: 503,
    body: { reasons: [{ check: 'pressure', message: 'the process is under pressure' }] },
  });
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('a message that becomes more rows than it may is refused where it comes in', async () => {
  const plan = planOf(`
shape Line { number: int }
entity Order { id: bigint  lines: Line[]  store orders { key (id)  upsert on (id) keep } }
derive OrderLine from Order as o, each o.lines as line {
  ...line
  id: bigint = o.id
  store order_lines { key (id, number)  upsert on (id, number) keep }
}
stream S { subject ingest = "s.{entity}" }
role ingest { publish S.ingest }
role worker { consume S.ingest  max_rows_per_message: 4 }
`);
  const role = plan.roles.find(({ name }) => name === 'ingest');
  if (role === undefined) throw new Error('there is no ingest role');
  const { post } = await run(store, scriptedQueue(), { plan, role }, { prove: () => Promise.resolve() });
  const order = (lines: number) =>
    JSON.stringify({ id: 1, lines: Array.from({ length: lines }, (_, number) => ({ number })) });
  expect(await post('/ingest/Order', order(3))).toMatchObject({ status: 202 });
  expect(await post('/ingest/Order', order(4))).toMatchObject({
    status: 422,
    body: { code: 'too_many_rows', message: expect.stringContaining('at most 4 rows') },
  });
});

test('a message that is deeper or has a longer list than its pipeline declares is refused with the place', async () => {
  const plan = planOf(`
pipeline shop { max_depth: 3  max_list_length: 2 }
entity Order { id: bigint  tags: text[]  more: json?  store orders { key (id)  upsert on (id) keep } }
`);
  const role = plan.roles.find(({ name }) => name === 'ingest');
  if (role === undefined) throw new Error('there is no ingest role');
  const queue = scriptedQueue();
  const { post } = await run(store, queue, { plan, role }, { prove: () => Promise.resolve() });
  expect(await post('/ingest/Order', '{"id":1,"tags":["a","b"],"more":[[1]]}')).toMatchObject({
    status: 202,
  });
  expect(await post('/ingest/Order', '{"id":1,"tags":["a","b","c"]}')).toMatchObject({
    status: 422,
    body: {
      code: 'too_many_items',
      field: 'Order.tags',
      pointer: '/tags',
      message: 'expected a list of at most 2 elements (max_list_length), found 3',
    },
  });
  expect(await post('/ingest/Order', '{"id":1,"tags":[],"more":[[[1]]]}')).toMatchObject({
    status: 422,
    body: {
      code: 'too_deep',
      pointer: '/more/0/0',
      message:
        'expected arrays and objects at most 3 deep in each other, found a deeper one, at line 1, column 28',
    },
  });
  const batch = '[{"id":1,"tags":[]},{"id":2,"tags":["a","b","c"]},{"id":3,"tags":[],"more":[[[]]]}]';
  expect(await post('/ingest/Order/batch', batch)).toMatchObject({
    body: {
      rejected: [
        { index: 1, code: 'too_many_items', pointer: '/tags' },
        { index: 2, code: 'too_deep', pointer: '/more/0/0' },
      ],
    },
  });
  expect(queue.stored).toHaveLength(2);
});

test('a request may name an entity of 255 characters, alone and in a batch', async () => {
  const name = `E${'x'.repeat(254)}`;
  const plan = planOf(`entity ${name} { id: bigint  store orders { key (id)  upsert on (id) keep } }`);
  const role = plan.roles.find(({ name: each }) => each === 'ingest');
  if (role === undefined) throw new Error('there is no ingest role');
  const { post } = await run(store, scriptedQueue(), { plan, role }, { prove: () => Promise.resolve() });
  expect(await post(`/ingest/${name}`, '{"id":1}')).toMatchObject({ status: 202 });
  expect(await post(`/ingest/${name}/batch`, '[{"id":1},{"id":2}]')).toMatchObject({ status: 202 });
  expect(await post(`/ingest/${name}`, '{"id":"x"}')).toMatchObject({
    status: 422,
    body: { field: `${name}.id` },
  });
  expect(await post(`/ingest/${name}x`, '{"id":1}')).toMatchObject({ status: 404 });
});
