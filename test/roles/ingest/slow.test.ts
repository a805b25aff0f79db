import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { ledgerStore, run, type Running } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';
import { shopPlan } from './shop.ts';

const store = await ledgerStore();
const KB = 1024;

interface Line {
  readonly socket: Socket;
  /** Everything that came back so far. */
  answer(): string;
  /** Resolves with everything that came back, when the server has ended the connection. */
  readonly ended: Promise<string>;
}

/** A connection that sends these bytes, and then nothing by itself. */
async function line({ ingest }: Running, sent: string, allowHalfOpen = false): Promise<Line> {
  const { port, hostname } = new URL(ingest.address);
  let answer = '';
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen });
  socket.on('data', (data) => (answer += data.toString('latin1')));
  let failed: Error | undefined;
  socket.on('error', (error) => (failed = error));
  const ended = new Promise<string>((resolve, reject) => {
    socket.on('close', () => (failed === undefined ? resolve(answer) : reject(failed)));
  });
  // One who looks at it later still gets it.
  ended.catch(() => {});
  await new Promise<void>((resolve) => socket.write(sent, () => resolve()));
  return { socket, answer: () => answer, ended };
}

const head = (path: string, length: number, more = '') =>
  `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${length}\r\n${more}\r\n`;

test('clients that send slowly take no place of a batch', async () => {
  const running = await run(store, scriptedQueue());
  const lines = await Promise.all(
    Array.from({ length: 40 }, () => line(running, `${head('/ingest/Order/batch', 100_000)}{`)),
  );
  expect(await running.post('/ingest/Order/batch', '{"id":1}')).toMatchObject({
    status: 202,
    body: { accepted: 1 },
  });
  for (const { socket } of lines) socket.destroy();
});

test('a body that comes too slowly is a 408, and its connection is closed', async () => {
  const bodyRate = { grace: 200, bytesPerSecond: 1000 };
  const running = await run(store, scriptedQueue(), shopPlan(), { limits: { bodyRate } });
  for (const path of ['/ingest/Order/batch', '/ingest/Order']) {
    const slow = await line(running, `${head(path, 1000)}{`);
    const drip = setInterval(() => slow.socket.write(' '), 50);
    expect(await slow.ended.finally(() => clearInterval(drip))).toMatch(
      /^HTTP\/1\.1 408 [^]*connection: close[^]*request_timeout/,
    );
  }
  expect(await running.post('/ingest/Order', '{"id":1}')).toMatchObject({ status: 202 });
});

test.for([
  ['a body over the limit', head('/ingest/Order', 5000 * KB), 413],
  ['a batch over the limit', head('/ingest/Order/batch', 5000 * KB), 413],
  ['an unknown path', head('/nowhere', 5000 * KB), 404],
  ['another method', head('/status/x', 5000 * KB), 405],
  ['an unknown entity', head('/ingest/Nothing', 5000 * KB), 404],
  ['a compressed body', head('/ingest/Order/batch', 500 * KB, 'content-encoding: gzip\r\n'), 415],
  [
    'a body of unknown length to an unknown entity',
    'POST /ingest/Nothing HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12',
    404,
  ],
  [
    'a body that is compressed on its way',
    'POST /ingest/Order HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: gzip, chunked\r\n\r\n5\r\n12',
    415,
  ],
  ['a body that nobody asked for', `${head('/healthz', 5000 * KB).replace('POST', 'GET')}x`, 200],
] as const)('%s is answered before its body comes, and the connection ends', async ([, sent, status]) => {
  const running = await run(store, scriptedQueue());
  const { ended } = await line(running, sent);
  expect(await ended).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*connection: close`, 'i'));
});

test('a client that sends on while it is refused gets its answer, not a reset', async () => {
  const running = await run(store, scriptedQueue());
  const { socket, answer, ended } = await line(running, head('/ingest/Order/batch', 5000 * KB), true);
  for (let sent = 0; sent < 2000; sent += 50) {
    await new Promise<void>((resolve) => socket.write('x'.repeat(50 * KB), () => resolve()));
  }
  await until('the answer', () => answer().includes('too_large'));
  socket.end();
  expect(await ended).toMatch(/^HTTP\/1\.1 413 /);
});

test('a small body behind a refusal does not cost the connection', async () => {
  const running = await run(store, scriptedQueue());
  const { socket, answer } = await line(running, `${head('/ingest/Nothing', 8)}{"id":1}`);
  await until('the refusal', () => answer().includes('unknown_entity'));
  socket.write(`${head('/ingest/Order', 8)}{"id":1}`);
  await until('the second answer', () => answer().includes('HTTP/1.1 202 '));
  expect(answer()).not.toContain('connection: close');
  socket.destroy();
});

test('what does not fit into the memory for bodies is a 503 before it is read; a single message still gets through', async () => {
  const queue = scriptedQueue();
  const running = await run(store, queue, shopPlan(), { limits: { bodyBytes: 400 * KB } });
  // Batches may take 300 KB.
  const first = await line(running, head('/ingest/Order/batch', 250 * KB) + ' '.repeat(240 * KB));
  const second = await until('a batch to be refused', async () => {
    const { socket, answer, ended } = await line(running, head('/ingest/Order/batch', 200 * KB));
    const refused = await Promise.race([ended, new Promise<string>((go) => setTimeout(go, 500, ''))]);
    socket.destroy();
    return (refused || answer()).includes('HTTP/1.1 503 ') && refused;
  });
  expect(second).toMatch(/connection: close[^]*retry-after: 1[^]*too_busy/);
  expect(await running.post('/ingest/Order', '{"id":1}')).toMatchObject({ status: 202 });
  // One of unknown length takes its memory as it comes.
  const chunk = `${(50 * KB).toString(16)}\r\n${' '.repeat(50 * KB)}\r\n`;
  const chunked = await line(
    running,
    `POST /ingest/Order/batch HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(4)}`,
  );
  expect(await chunked.ended).toMatch(/^HTTP\/1\.1 503 [^]*too_busy/);
  first.socket.destroy();
  await until('the memory to be free', async () => {
    const { status } = await running.post('/ingest/Order/batch', `${' '.repeat(200 * KB)}{"id":2}`);
    return status === 202;
  });
  expect(queue.stored).toHaveLength(2);
});

test('the memory of bodies comes back, however their requests end', async () => {
  const running = await run(store, scriptedQueue(), shopPlan(), { limits: { bodyBytes: 400 * KB } });
  const full = ' '.repeat(200 * KB);
  for (let round = 0; round < 5; round += 1) {
    const gone = await line(running, head('/ingest/Order/batch', 250 * KB) + full);
    gone.socket.destroy();
    const reset = await line(running, head('/ingest/Order/batch', 250 * KB) + full);
    reset.socket.resetAndDestroy();
    const bodies = [`${full}{"id":1}`, `[${full}`, `${full}{"id"`, Buffer.from([0x5b, 0xff])];
    for (const body of bodies) {
      await until('an answer of its own', async () => {
        const { status } = await running.post('/ingest/Order/batch', body);
        return status !== 503;
      });
    }
    expect(await running.post('/ingest/Order', 'x'.repeat(4000))).toMatchObject({ status: 400 });
  }
});

test('a client that waits for 100 Continue is asked for its body only if it is taken', async () => {
  const running = await run(store, scriptedQueue());
  const expecting = 'expect: 100-continue\r\n';
  const refused = await line(running, head('/ingest/Nothing', 8, expecting));
  expect(await refused.ended).toMatch(/^HTTP\/1\.1 404 /);
  const taken = await line(running, head('/ingest/Order', 8, expecting));
  await until('the server to ask', () => taken.answer().startsWith('HTTP/1.1 100 Continue\r\n'));
  taken.socket.write('{"id":1}');
  await until('the answer', () => taken.answer().includes('HTTP/1.1 202 '));
  taken.socket.destroy();
});

test('bytes one by one, chunks of one byte and requests in a row are read as any other', async () => {
  const queue = scriptedQueue();
  const running = await run(store, queue);
  const body = '{"id":1}\n{"id":2}';
  const chunks = body.replace(/[^]/g, (byte) => `1\r\n${byte}\r\n`);
  const chunked = `POST /ingest/Order/batch HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`;
  const single = `${head('/ingest/Order', 8)}{"id":3}`;
  const { socket, answer } = await line(running, chunked + single + single);
  await until('three answers', () => answer().split('HTTP/1.1 202 ').length === 4);
  for (const byte of chunked) await new Promise<void>((resolve) => socket.write(byte, () => resolve()));
  await until('the fourth', () => answer().split('HTTP/1.1 202 ').length === 5);
  socket.destroy();
  expect(queue.stored).toHaveLength(6);
});

test('a batch that a slow queue takes longer than a connection may be silent gets its answer', async () => {
  const queue = scriptedQueue();
  let open = () => {};
  queue.gate = new Promise((resolve) => (open = resolve));
  const running = await run(store, queue, shopPlan(), { limits: { silence: 300 } });
  const body = '{"id":1}\n';
  const batch = await line(running, head('/ingest/Order/batch', body.length, 'connection: close\r\n') + body);
  await until('the batch to be with the queue', () => Promise.resolve(queue.calls.length === 1));
  // One that came later and is only silent is closed.
  const idle = await line(running, '');
  await idle.ended;
  open();
  expect(await batch.ended).toMatch(/^HTTP\/1\.1 202 [^]*"accepted":1/);
});

test('a batch that waits for its turn is told so in time, nothing of it is stored, and it may come again', async () => {
  const queue = scriptedQueue();
  const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
  const running = await run(store, queue, shopPlan(), { limits: { slotWait: 300 } });
  // They got in when there was room, and their bodies are complete when there is none.
  const late = await Promise.all(
    Array.from({ length: 3 }, (_, id) => line(running, `${head('/ingest/Order/batch', 12)}{"id":10${id}`)),
  );
  queue.gate = gate;
  const inside = Array.from({ length: 8 }, (_, id) => running.post('/ingest/Order/batch', `{"id":${id}}`));
  await until('eight to be published', () => queue.calls.length === 8);
  for (const { socket } of late) socket.write('}  ');
  for (const { answer } of late) await until('an answer', () => answer().includes('too_busy'));
  for (const { answer } of late) expect(answer()).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 1\r\n/);
  expect(queue.calls).toHaveLength(8);
  open(undefined);
  expect((await Promise.all(inside)).map(({ status }) => status)).toEqual(Array<number>(8).fill(202));
  // On the same connection.
  for (const { socket, answer } of late) {
    socket.write(`${head('/ingest/Order/batch', 12)}{"id":1000}  `);
    await until('the batch to be taken', () => answer().includes('HTTP/1.1 202 '));
    socket.destroy();
  }
  expect(queue.stored).toHaveLength(11);
});

test('a batch that waits gets its turn once another is done', async () => {
  const queue = scriptedQueue();
  const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
  const running = await run(store, queue, shopPlan(), { limits: { slotWait: 60_000 } });
  const late = await line(running, `${head('/ingest/Order/batch', 12)}{"id":100`);
  queue.gate = gate;
  const inside = Array.from({ length: 8 }, (_, id) => running.post('/ingest/Order/batch', `{"id":${id}}`));
  await until('eight to be published', () => queue.calls.length === 8);
  late.socket.write('}  ');
  open(undefined);
  await until('the late one to be taken', () => late.answer().includes('HTTP/1.1 202 '));
  await Promise.all(inside);
  late.socket.destroy();
  expect(queue.stored).toHaveLength(9);
});
