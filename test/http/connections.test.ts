import { EventEmitter } from 'node:events';
import { request as ask, type Server } from 'node:http';
import { request as askTls } from 'node:https';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { jsonAnswer } from '../../src/http/answer.ts';
import { watchConnections } from '../../src/http/connections.ts';
import { mostConnections, shareOfAddress } from '../../src/http/descriptors.ts';
import type { ServerLimits, ServerOptions } from '../../src/http/server.ts';
import type { TlsFiles } from '../../src/http/tls.ts';
import { certificateAuthority, certificateFolder } from '../support/certificates.ts';
import { httpServer } from '../support/http-server.ts';
import { memoryLog } from '../support/memory-log.ts';
import { until } from '../support/until.ts';

/** More than the buffers of the system take. */
const LARGE = 12 * 1024 * 1024;

async function serve(
  limits: ServerLimits,
  tls?: TlsFiles,
  addresses: Pick<ServerOptions, 'connectionsPerAddress' | 'trustedProxies'> = {},
) {
  const log = memoryLog();
  const server = await httpServer({
    routes: [{ method: 'GET', path: '/large', handle: () => jsonAnswer(200, 'x'.repeat(LARGE)) }],
    log,
    listen: { port: 0, host: '127.0.0.1', ...(tls === undefined ? {} : { tls }) },
    limits,
    ...addresses,
  });
  onTestFinished(() => server.stop());
  const port = Number(new URL(server.address).port);
  return { ...server, log, open: (from?: string) => opened(port, from) };
}

/** A client that tells when it was closed. */
async function opened(port: number, from = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  onTestFinished(() => void socket.destroy());
  // Reset or ended: both are closed.
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

const LOOK = { look: 10 };

const certificate = certificateAuthority(certificateFolder(), 'authority').sign({ common: 'localhost' });

test('a server keeps descriptors for the process: it takes no more connections than the limit leaves', () => {
  expect(mostConnections(36, 1024)).toBe(924);
  expect(mostConnections(36, 65_536)).toBe(65_436);
  expect(mostConnections(500, 256)).toBe(128);
});

test('what comes beyond the limit of connections is closed, the log counts it, and the others are served', async () => {
  const { address, open, log } = await serve({ connections: { ...LOOK, most: 3 } });
  const held = [await open(), await open()];
  const probe = await fetch(`${address}/healthz`);
  expect(probe.status).toBe(200);
  const more = await Promise.all([open(), open()]);
  await until('the log tells it', () =>
    log.lines.some(({ message }) => message === 'all connections are taken'),
  );
  await Promise.all(more.map((socket) => until('closed', () => socket.resume().destroyed)));
  expect(log.lines.reduce((sum, { fields }) => sum + Number(fields['refused'] ?? 0), 0)).toBe(2);
  expect(held.map(({ destroyed }) => destroyed)).toEqual([false, false]);
});

const isClosed = (socket: Socket) => until('closed', () => socket.resume().destroyed);

/** The status of a question from this address, undefined where its connection is closed. */
function healthz(address: string, from: string): Promise<number | undefined> {
  const url = `${address}/healthz`;
  const options = { localAddress: from, agent: false, rejectUnauthorized: false } as const;
  return new Promise((resolve) => {
    const asked = url.startsWith('https') ? askTls(url, options) : ask(url, options);
    asked.on('response', (answer) => resolve(answer.resume().statusCode));
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}

// Elsewhere a machine has no second address without being told.
const elsewhere = process.platform !== 'linux';

test.skipIf(elsewhere).each([
  ['HTTP', undefined],
  ['HTTPS', certificate],
])(
  'one address takes no more than its share of the connections over %s, the log names it, and others are served',
  async (_scheme, tls) => {
    const { log, open, address } = await serve({ connections: LOOK }, tls, { connectionsPerAddress: 3 });
    const held = await Promise.all(Array.from({ length: 3 }, () => open('127.0.0.2')));
    await isClosed(await open('127.0.0.2'));
    const refused = { address: '127.0.0.2', connections: 3, refused: 1 };
    await until('the log tells it', () =>
      log.lines.some(({ message }) => message.startsWith('one address has all')),
    );
    expect(log.lines.map(({ fields }) => fields)).toContainEqual(refused);
    expect(held.map(({ destroyed }) => destroyed)).toEqual([false, false, false]);
    expect(await healthz(address, '127.0.0.3')).toBe(200);
    // What it gives back it may take again.
    held[0]?.destroy();
    await until('a place for it', async () => (await healthz(address, '127.0.0.2')) === 200);
  },
);

test.skipIf(elsewhere)('a trusted proxy takes as many connections as there are', async () => {
  const { open } = await serve({ connections: LOOK }, undefined, {
    connectionsPerAddress: 1,
    trustedProxies: ['127.0.0.2', '127.8.0.0/16'],
  });
  const proxies = await Promise.all(
    ['127.0.0.2', '127.8.1.1'].flatMap((each) => [open(each), open(each), open(each)]),
  );
  const stranger = [await open('127.0.0.3'), await open('127.0.0.3')];
  await until('one of the stranger is closed', () => stranger.some((socket) => socket.resume().destroyed));
  expect(proxies.map(({ destroyed }) => destroyed)).toEqual(proxies.map(() => false));
});

test('one address may hold half of all connections where nobody says another share', () => {
  expect(shareOfAddress(924)).toBe(462);
  expect(shareOfAddress(1)).toBe(1);
});

test('a process that cannot measure its memory goes on', async () => {
  const { address } = await serve({});
  const measure = vi.spyOn(process, 'memoryUsage').mockImplementation(() => {
    throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
  });
  onTestFinished(() => measure.mockRestore());
  await until('a measurement failed', () => measure.mock.results.some(({ type }) => type === 'throw'));
  expect((await fetch(`${address}/healthz`)).status).toBe(200);
});

test('a connection whose client takes nothing of its answer is closed', async () => {
  const { open } = await serve({ connections: { ...LOOK, untaken: 50 } });
  const silent = await open();
  silent.pause().write('GET /large HTTP/1.1\r\nhost: a\r\n\r\n');
  // It is told of the end by the next byte that it sends.
  await until('closed', () => (silent.write('\r\n'), silent.destroyed));
  expect(silent.destroyed).toBe(true);
});

test('a client that takes its answer slowly keeps its connection, also in the middle of one large write', () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const server = new EventEmitter();
  const limits = {
    most: 9,
    perAddress: 9,
    isProxy: () => false,
    untaken: 30_000,
    unsent: 1_000_000,
    look: 1_000,
  };
  const { stop } = watchConnections(server as Server, limits, memoryLog());
  onTestFinished(stop);
  const client = () => {
    const destroy = vi.fn<() => void>();
    const handle = { writeQueueSize: 40_000 };
    const fake = { bytesWritten: 50_000, writableLength: 50_000, _handle: handle, destroy };
    return { handle, destroy, socket: Object.assign(new EventEmitter(), fake) };
  };
  const [slow, silent] = [client(), client()];
  for (const { socket } of [slow, silent]) server.emit('connection', socket);
  for (let second = 0; second < 60; second += 20) {
    slow.handle.writeQueueSize -= 1;
    vi.advanceTimersByTime(20_000);
  }
  expect(slow.destroy).not.toHaveBeenCalled();
  expect(silent.destroy).toHaveBeenCalled();
});

test('answers that nobody takes hold no more than the server gives them together', async () => {
  const { address, open } = await serve({ connections: { ...LOOK, unsent: 1024 * 1024 } });
  const silent = await Promise.all(Array.from({ length: 3 }, open));
  for (const socket of silent) socket.pause().write('GET /large HTTP/1.1\r\nhost: a\r\n\r\n');
  const closed = () => silent.filter((socket) => (socket.write('\r\n'), socket.destroyed)).length;
  await until('some are closed', () => closed() >= 1);
  expect((await fetch(`${address}/healthz`)).status).toBe(200);
});

/** The first bytes that clients may send, and then nothing more. */
const BEGINNINGS = {
  nothing: '',
  'a handshake': Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]),
  'a request': 'GET /large HTTP/1.1\r\n',
  'no HTTP': 'hello\r\n\r\n',
  'a whole request': 'GET /large HTTP/1.1\r\nhost: a\r\n\r\n',
};

test.for([
  ['nothing', ''],
  ['a part of a handshake', BEGINNINGS['a handshake']],
] as const)('a client of TLS that sends %s is closed', async ([, bytes]) => {
  const { open } = await serve({ handshake: 50 }, certificate);
  const silent = await open();
  silent.resume().write(bytes);
  await until('closed', () => silent.destroyed);
  expect(silent.bytesRead).toBe(0);
});

describe.for([
  ['HTTP', undefined],
  ['TLS', certificate],
] as const)('over %s', ([, tls]) => {
  test.for(Object.entries(BEGINNINGS))(
    'a stop ends, whatever its clients have sent: %s',
    async ([, bytes]) => {
      const { open, stop } = await serve({ finish: 50 }, tls);
      const whole = await open();
      const half = await open();
      for (const socket of [whole, half]) {
        socket.pause().write(bytes);
      }
      half.end();
      await stop();
      const closed = () => [whole, half].every((socket) => (socket.resume(), socket.destroyed));
      await until('closed', closed);
      expect(closed()).toBe(true);
    },
  );
});
