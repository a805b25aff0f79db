import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import { Failure } from '../../../src/ports/failure.ts';
import type { Difference } from '../../../src/ports/queue.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { until } from '../../support/until.ts';
import { ledgerStore, run } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';
import { shopPlan } from './shop.ts';

const store = await ledgerStore();
const unmigrated = await freshDatabase();

const subjects: Difference = {
  code: 'NOM903',
  what: 'stream SHOP, subjects',
  expected: 'shop.ingest.*',
  found: 'messages.>',
  fixable: true,
};

test('a role whose servers agree with the plan is healthy and ready', async () => {
  const { get } = await run(store, scriptedQueue());
  expect(await get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  await until('the role to be ready', async () => (await get('/readyz')).body['status'] === 'ready');
});

test('a role refuses to start where the queue differs, naming both values and the command that fixes it', async () => {
  const queue = scriptedQueue();
  queue.differs = () => Promise.resolve([subjects]);
  await expect(run(store, queue)).rejects.toMatchObject({
    code: 'QUEUE_MISCONFIGURED',
    message: expect.stringMatching(/shop\.ingest\.\*.*messages\.>[^]*nomnom apply shop\.nom/),
  });
});

test("a role refuses to start where nomnom's own tables are missing", async () => {
  const bare = openStore({ url: unmigrated.url, max: 2, log: memoryLog() });
  await expect(run(bare, scriptedQueue())).rejects.toMatchObject({
    code: 'STORE_MISCONFIGURED',
    message: expect.stringContaining('nomnom apply shop.nom'),
  });
  await bare.close();
});

test('while a server cannot be asked the role takes no message, and it becomes ready by itself', async () => {
  const queue = scriptedQueue();
  let away = true;
  queue.differs = () => {
    if (away) return Promise.reject(new Failure('QUEUE_UNAVAILABLE', 'no connection'));
    return Promise.resolve([]);
  };
  const { get, post } = await run(store, queue);
  expect(await get('/healthz')).toMatchObject({ status: 200 });
  expect(await get('/readyz')).toMatchObject({
    status: 503,
    body: { code: 'not_ready', reasons: [{ check: 'verification' }] },
  });
  expect(await post('/ingest/Order', '{"id":1}')).toMatchObject({ status: 503, body: { code: 'not_ready' } });
  away = false;
  await until('the role to be ready', async () => (await get('/readyz')).status === 200);
  expect(await post('/ingest/Order', '{"id":1}')).toMatchObject({ status: 202 });
});

test('a queue that is away is a reason not to be ready; a database that is away is one to look, for messages are taken', async () => {
  const queue = scriptedQueue();
  const broken: typeof store = {
    ...store,
    catalog: {
      ...store.catalog,
      takesWrites: () => Promise.reject(new Failure('STORE_UNAVAILABLE', 'refused')),
    },
  };
  const { get, post } = await run(broken, queue, shopPlan(), { prove: () => Promise.resolve() });
  expect(await get('/readyz')).toMatchObject({
    status: 200,
    body: {
      status: 'degraded',
      reasons: [{ check: 'database', message: 'Postgres cannot be reached: refused' }],
    },
  });
  expect(await post('/ingest/Order', '{"id":1}')).toMatchObject({ status: 202 });
  queue.down = new Failure('QUEUE_UNAVAILABLE', 'no connection');
  expect(await get('/readyz')).toMatchObject({ status: 503, body: { reasons: [{ check: 'queue' }] } });
});

test('a taken port is a failure that names it', async () => {
  const { ingest } = await run(store, scriptedQueue());
  const port = Number(new URL(ingest.address).port);
  await expect(
    run(store, scriptedQueue(), shopPlan(), { listen: { port, host: '127.0.0.1' } }),
  ).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: expect.stringContaining(String(port)),
  });
});

test('a stop finishes what is in flight, refuses what is new, and writes every status', async () => {
  const queue = scriptedQueue();
  const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
  queue.gate = gate;
  const { post, ingest } = await run(store, queue);
  const inFlight = Array.from({ length: 10 }, (_, id) => post('/ingest/Order', `{"id":${id}}`));
  await until('all to be published', () => queue.calls.reduce((sum, count) => sum + count, 0) === 10);
  const stopped = ingest.stop();
  const port = Number(new URL(ingest.address).port);
  await until('the port to be closed', () => refusesConnections(port));
  open(undefined);
  const answers = await Promise.all(inFlight);
  await stopped;
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  const ids = answers.map(({ body }) => body['message_id']);
  const text = `SELECT count(*)::int AS count FROM message_status WHERE message_id = ANY ($1::uuid[]) AND status = 'accepted'`;
  expect((await store.sql.query({ text, values: [ids] })).rows).toEqual([{ count: 10 }]);
});

test('a request that comes on an open connection during a stop is a 503 that says so', async () => {
  const queue = scriptedQueue();
  const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
  queue.gate = gate;
  const { ingest } = await run(store, queue);
  const request = 'POST /ingest/Order HTTP/1.1\r\nhost: localhost\r\ncontent-length: 8\r\n\r\n{"id":1}';
  const socket = connect(Number(new URL(ingest.address).port), '127.0.0.1');
  let answers = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (answers += chunk));
  socket.write(request);
  await until('the first to be published', () => queue.calls.length === 1);
  const stopped = ingest.stop();
  socket.write(request);
  open(undefined);
  await stopped;
  await until(
    'both answers',
    () => answers.includes('HTTP/1.1 202') && answers.includes('"code":"stopping"'),
  );
  expect(queue.stored).toHaveLength(1);
});

test('a difference that is only found once a server answers is told, and fixed without a restart', async () => {
  const queue = scriptedQueue();
  const found: (readonly Difference[] | undefined)[] = [undefined, [subjects], []];
  queue.differs = () => {
    const next = found.length > 1 ? found.shift() : found[0];
    return next === undefined ? Promise.reject(new Failure('QUEUE_UNAVAILABLE', '')) : Promise.resolve(next);
  };
  const { get, log } = await run(store, queue);
  await until('the role to be ready', async () => (await get('/readyz')).status === 200);
  const reasons = log.lines.flatMap(({ level, fields }) =>
    level === 'warn' ? [String(fields['reason'])] : [],
  );
  expect(reasons).toEqual([
    'the queue cannot be reached',
    expect.stringMatching(/shop\.ingest\.\*.*messages\.>[^]*nomnom apply shop\.nom/),
  ]);
});

test('a stop ends within 10 s also when the queue never answers', async () => {
  const queue = scriptedQueue();
  queue.gate = Promise.withResolvers<undefined>().promise;
  // The role's time runs twenty times as fast; without a deadline this would wait for ever.
  const clock = {
    ...systemClock,
    sleep: (milliseconds: number, signal?: AbortSignal) => systemClock.sleep(milliseconds / 20, signal),
  };
  const { post, ingest } = await run(store, queue, shopPlan(), { clock });
  const hanging = post('/ingest/Order', '{"id":1}').catch(() => 'cut');
  await until('it to be published', () => queue.calls.length === 1);
  await ingest.stop();
  expect(await hanging).toBe('cut');
});

function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(true));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}
