import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { pipelining, type PipeliningLimits } from '../../src/http/pipelining.ts';
import { until } from '../support/until.ts';

const GET = 'GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n';
const POST = 'POST /ingest HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}';

/** Answers each request only when the test lets it. */
async function serve(limits: PipeliningLimits) {
  const asked: (() => void)[] = [];
  let begun = 0;
  const server: Server = createServer(
    pipelining(limits).inLine((request, response) => {
      begun += 1;
      const number = begun;
      request.resume();
      asked.push(() => response.end(`<${number}>`));
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    asked,
    begun: () => begun,
    answer: () => asked.shift()?.(),
    open: () => client((server.address() as AddressInfo).port),
  };
}

async function client(port: number): Promise<{ readonly socket: Socket; readonly answers: () => string[] }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (data) => (text += String(data)));
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, answers: () => text.match(/<\d+>/g) ?? [] };
}

const LIMITS = { atOnce: 3, waiting: 8, waitingInAll: 12 };

/** A round trip of another connection: what was sent before it has arrived. */
async function arrived({ open, asked }: Awaited<ReturnType<typeof serve>>): Promise<void> {
  const before = asked.length;
  const other = await open();
  other.socket.write(GET);
  await until('it arrived', () => asked.length > before);
  asked.pop()?.();
  await until('it is answered', () => other.answers().length === 1);
  other.socket.destroy();
}

test.for([
  ['questions', GET, 1],
  ['messages', POST, 3],
] as const)(
  '%s that are sent together are all answered, in their order, few at once',
  async ([, text, atOnce]) => {
    const server = await serve(LIMITS);
    const { socket, answers } = await server.open();
    const count = 8 + atOnce;
    socket.write(text.repeat(count));
    await until('the first are begun', () => server.asked.length === atOnce);
    await arrived(server);
    expect(server.asked.length).toBe(atOnce);
    const numbers = () => answers().map((answer) => Number(answer.slice(1, -1)));
    while (answers().length < count) {
      server.answer();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(numbers()).toEqual(numbers().toSorted((a, b) => a - b));
    expect(socket.destroyed).toBe(false);
  },
);

test('a client that sends more than may wait is closed, and none of that is begun', async () => {
  const server = await serve(LIMITS);
  const { socket } = await server.open();
  socket.write(GET.repeat(1000));
  await until('closed', () => socket.destroyed);
  expect(server.begun()).toBe(1);
});

test('what waits of all connections is bounded: the one with most of it is closed', async () => {
  const server = await serve(LIMITS);
  const [most, other] = [await server.open(), await server.open()];
  most.socket.write(GET.repeat(1 + 8));
  await until('the first is begun', () => server.asked.length === 1);
  await arrived(server);
  other.socket.write(GET.repeat(1 + 5));
  await until('closed', () => most.socket.destroyed);
  while (other.answers().length < 6) {
    server.answer();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(other.socket.destroyed).toBe(false);
});
