import { connect } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { jsonAnswer } from '../../../src/http/answer.ts';
import type { Route } from '../../../src/http/route.ts';
import type { Server } from '../../../src/http/server.ts';
import type { Identify, Scope } from '../../../src/ports/sender.ts';
import { httpServer } from '../../support/http-server.ts';

const RIGHT = 'right';
let asked = 0;
const identify: Identify = (credential) => {
  asked += 1;
  return credential === RIGHT
    ? {
        kind: 'sender',
        sender: {
          name: 'pos',
          id: 'key:pos',
          mark: '0123456789ab',
          scopes: new Set<Scope>(['ingest']),
          entities: undefined,
          rate: { messages: 1000, per: 60_000 },
        },
      }
    : { kind: 'refused', reason: 'the key is wrong' };
};

const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/ingest/:entity',
    needs: ({ entity = '' }) => ({ scope: 'ingest', entity }),
    refuse: () => undefined,
    body: { share: 'single', limit: () => 1000 },
    handle: ({ sender }, body) =>
      Promise.resolve(jsonAnswer(202, JSON.stringify([sender?.name, body.length]))),
  },
  {
    method: 'GET',
    path: '/status/:id',
    needs: () => ({ scope: 'status' }),
    handle: () => jsonAnswer(200, '{}'),
  },
];

let server: Server;
beforeAll(async () => {
  server = await httpServer({
    routes,
    gate: { identify, origins: new Set(['https://shop.example']) },
  });
});
afterAll(() => server.stop());

const send = (headers: Record<string, string>, path = '/ingest/Order', method = 'POST') =>
  fetch(server.address + path, { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) });

test('a proxy that is trusted says where a request comes from, and nobody else does', async () => {
  const addresses = async (trustedProxies: readonly string[]) => {
    const limited = await httpServer({
      routes,
      gate: { identify, origins: new Set(), trustedProxies, ratePerAddress: { messages: 1, per: 60_000 } },
    });
    onTestFinished(() => limited.stop());
    const from = async (forwarded: string) =>
      (
        await fetch(`${limited.address}/ingest/Order`, {
          method: 'POST',
          headers: { authorization: `Bearer ${RIGHT}`, 'x-forwarded-for': forwarded },
          body: '{}',
        })
      ).status;
    return [
      await from('192.0.2.1'),
      await from('192.0.2.1'),
      await from('192.0.2.2'),
      await from('7.7.7.7, junk'),
    ];
  };
  expect(await addresses(['127.0.0.0/8'])).toEqual([202, 429, 202, 202]);
  expect(await addresses(['10.0.0.0/8'])).toEqual([202, 429, 429, 429]);
});

/** As a client writes it that keeps no rules. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.address).port), '127.0.0.1', () =>
      socket.write(text, 'latin1'),
    );
    let answer = '';
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('close', () => resolve(answer));
    // It may be reset: its end comes all the same.
    socket.on('error', () => {});
  });
}
const request = (headers: string) =>
  `POST /ingest/Order HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${headers}content-length: 2\r\n\r\n{}`;

test('a request without a key is told how to send one, and its body is not looked at', async () => {
  const answer = await send({});
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="nomnom"');
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await answer.json()).toMatchObject({ code: 'unauthorized', status: 401 });
});

test('a right key gets in, and its route knows who sends', async () => {
  const answer = await send({ authorization: `bearer ${RIGHT}` });
  expect([answer.status, await answer.json()]).toEqual([202, ['pos', 2]]);
});

test('what needs no key stays open, and what needs another scope is forbidden', async () => {
  expect((await send({}, '/healthz', 'GET')).status).toBe(200);
  expect((await send({}, '/status/1', 'GET')).status).toBe(401);
  expect((await send({ authorization: `Bearer ${RIGHT}` }, '/status/1', 'GET')).status).toBe(403);
  expect((await send({}, '/status/1', 'HEAD')).status).toBe(401);
});

test.each([
  [
    'two headers, the first one right',
    `authorization: Bearer ${RIGHT}\r\nAuthorization: Bearer wrong\r\n`,
    400,
  ],
  [
    'two headers, the second one right',
    `authorization: Bearer wrong\r\nauthorization: Bearer ${RIGHT}\r\n`,
    400,
  ],
  ['two keys in one header', `authorization: Bearer ${RIGHT}, Bearer ${RIGHT}\r\n`],
  ['a huge token', `authorization: Bearer ${'x'.repeat(12_000)}\r\n`],
  ['bytes above ASCII', `authorization: Bearer \xff\xfe${RIGHT}\r\n`],
  ['the key as a user', `authorization: Basic ${Buffer.from(`x:${RIGHT}`).toString('base64')}\r\n`],
  [
    'a header of another name',
    `proxy-authorization: Bearer ${RIGHT}\r\nx-authorization: Bearer ${RIGHT}\r\n`,
  ],
])('a trick with headers does not get in: %s', async (_, headers, status = 401) => {
  expect((await raw(request(headers))).split(' ', 2)).toEqual(['HTTP/1.1', String(status)]);
});

test('a page of an allowed origin may send and read the answer, another one may not', async () => {
  const preflight = (origin: string) =>
    send(
      {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,idempotency-key',
      },
      '/ingest/Order',
      'OPTIONS',
    );
  const allowed = await preflight('https://shop.example');
  expect(allowed.status).toBe(204);
  expect(Object.fromEntries(allowed.headers)).toMatchObject({
    'access-control-allow-origin': 'https://shop.example',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'authorization,idempotency-key',
    vary: 'Origin',
  });
  const other = await preflight('https://evil.example');
  expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([405, null]);
  const sent = await send({ origin: 'https://shop.example', authorization: `Bearer ${RIGHT}` });
  expect(sent.headers.get('access-control-allow-origin')).toBe('https://shop.example');
});

test('many wrong keys wait for their answers, each with its connection, and a right key does not', async () => {
  const before = performance.now();
  const wrong = Array.from({ length: 60 }, () => send({ authorization: 'Bearer wrong' }));
  const answers = Promise.all(wrong.map(async (each) => (await each).headers.get('connection')));
  expect((await send({ authorization: `Bearer ${RIGHT}` })).status).toBe(202);
  const served = performance.now() - before;
  expect((await answers).filter((each) => each === 'close').length).toBeGreaterThan(20);
  expect(performance.now() - before).toBeGreaterThan(Math.max(served, 900));
});

test('what a connection sends ahead is not looked at once its wrong keys wait for their answers', async () => {
  const wrong = request('authorization: Bearer wrong\r\n').replace('connection: close\r\n', '');
  const before = asked;
  await raw(wrong.repeat(1_000));
  expect(asked - before).toBeLessThan(100);
  expect((await send({ authorization: `Bearer ${RIGHT}` })).status).toBe(202);
});
