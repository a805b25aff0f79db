import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { jsonAnswer } from '../../src/http/answer.ts';
import type { TlsFiles } from '../../src/http/tls.ts';
import { certificateAuthority, certificateFolder } from '../support/certificates.ts';
import { httpServer } from '../support/http-server.ts';
import { until } from '../support/until.ts';

const { certificate, key } = certificateAuthority(certificateFolder(), 'authority').sign({
  common: 'localhost',
  hosts: 'IP:127.0.0.1',
});
const POST =
  'POST /orders HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}';
const CLIENTS = 10;
/** Requests that a client sends without waiting for the answers. */
const AT_ONCE = 4;

/** Works on each request until the test lets it answer. */
async function serve(tls: TlsFiles | undefined) {
  const working: (() => void)[] = [];
  const server = await httpServer({
    gate: { identify: () => ({ kind: 'anonymous' }), origins: new Set() },
    routes: [
      {
        method: 'POST',
        path: '/orders',
        needs: () => undefined,
        body: { share: 'single', limit: () => 1024 },
        refuse: () => undefined,
        handle: () => new Promise((resolve) => working.push(() => resolve(jsonAnswer(202, '{}')))),
      },
    ],
    listen: { port: 0, host: '127.0.0.1', ...(tls === undefined ? {} : { tls }) },
  });
  onTestFinished(() => server.stop());
  return { server, working };
}

interface Client {
  readonly socket: Socket;
  readonly answers: (status?: number) => number;
}

async function client(port: number, isTls: boolean): Promise<Client> {
  const to = { port, host: '127.0.0.1' };
  const socket = isTls ? connectTls({ ...to, rejectUnauthorized: false }) : connectTcp(to);
  let text = '';
  socket.on('data', (data) => (text += String(data)));
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.once(isTls ? 'secureConnect' : 'connect', resolve));
  return { socket, answers: (status = 202) => text.split(`HTTP/1.1 ${status} `).length - 1 };
}

test.for([
  ['HTTP', undefined],
  ['HTTPS', { certificate, key }],
] as const)(
  'over %s a stop sends the answers of all requests that are in work, also while it is sending some of them',
  async ([, tls]) => {
    const { server, working } = await serve(tls);
    const port = Number(new URL(server.address).port);
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => client(port, tls !== undefined)));
    for (const { socket } of clients) socket.write(POST.repeat(AT_ONCE));
    await until('all are in work', () => working.length === CLIENTS * AT_ONCE);
    // The answers are written between the two, and Node hears that they are sent only after both.
    const stopped = new Promise<void>((resolve) => {
      setImmediate(() => {
        for (const answer of working) answer();
      });
      setImmediate(() => resolve(server.stop()));
    });
    await stopped;
    await until('all are closed', () => clients.every(({ socket }) => socket.closed));
    expect(clients.map(({ answers }) => answers())).toEqual(clients.map(() => AT_ONCE));
  },
);

test.for([
  ['HTTP', undefined],
  ['HTTPS', { certificate, key }],
] as const)(
  'over %s a stop answers what reaches an idle connection at the same moment, and says that it stops',
  async ([, tls]) => {
    const { server, working } = await serve(tls);
    const port = Number(new URL(server.address).port);
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => client(port, tls !== undefined)));
    for (const { socket } of clients) socket.write(POST);
    await until('all are in work', () => working.length === CLIENTS);
    for (const answer of working) answer();
    await until('all are answered', () => clients.every(({ answers }) => answers() === 1));
    // The server has not read them when it is told to stop.
    for (const { socket } of clients) socket.write(POST);
    await server.stop();
    await until('all are closed', () => clients.every(({ socket }) => socket.closed));
    expect(clients.map(({ answers }) => answers(503))).toEqual(clients.map(() => 1));
  },
);
