import { connect } from 'node:net';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { jsonAnswer } from '../../src/http/answer.ts';
import { httpServer } from '../support/http-server.ts';

const handled: string[] = [];
const refused: string[] = [];
const server = await httpServer({
  routes: [
    { method: 'GET', path: '/metrics', underOwnName: true, handle: () => jsonAnswer(200, '{}') },
    {
      method: 'POST',
      path: '/ingest/:entity',
      body: { share: 'single', limit: () => 1000 },
      needs: () => ({ scope: 'ingest', entity: 'Order' }),
      refuse: () => undefined,
      handle: async (_request, body) => {
        handled.push(String(body));
        return jsonAnswer(202, '{}');
      },
    },
  ],
  gate: {
    identify: () => ({ kind: 'anonymous' }),
    origins: new Set(),
    onRefused: ({ code }) => refused.push(code),
  },
});
afterAll(() => server.stop());
beforeEach(() => {
  handled.length = 0;
  refused.length = 0;
});

/** Sends these bytes and gives everything that came until the connection ended. */
function ask(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.address).port), '127.0.0.1');
    let text = '';
    socket.on('data', (data) => (text += String(data)));
    socket.on('error', reject);
    socket.on('end', () => {
      socket.destroy();
      resolve(text);
    });
    socket.write(bytes);
  });
}

const request = (line: string, ...headers: readonly string[]): string =>
  `${[line, ...headers].join('\r\n')}\r\n\r\n`;
const message = (body: string, ...headers: readonly string[]): string =>
  request('POST /ingest/Order HTTP/1.1', 'host: localhost', ...headers, `content-length: ${body.length}`) +
  body;

test.for([
  ['no Host', request('GET /healthz HTTP/1.1'), 400, 'bad_request'],
  ['two Hosts', request('GET /healthz HTTP/1.1', 'Host: localhost', 'hOST: b'), 400, 'bad_request'],
  ['a target on another host', request('GET http://b/healthz HTTP/1.1', 'host: a'), 400, 'bad_request'],
  ...['xchunked', 'gzip, chunked', 'identity'].map(
    (coding) =>
      [
        `Transfer-Encoding: ${coding}`,
        request('POST /ingest/Order HTTP/1.1', 'host: localhost', `transfer-encoding: ${coding}`),
        415,
        'unsupported_media_type',
      ] as const,
  ),
  ...['Content-Type: text/plain', 'Authorization: Bearer b', 'Idempotency-Key: b'].map(
    (header) =>
      [
        `two headers ${header}`,
        message('0', header.toLowerCase().replace(': ', ': x'), header),
        400,
        'bad_request',
      ] as const,
  ),
  [
    'a body in chunks by HTTP/1.0',
    request('POST /ingest/Order HTTP/1.0', 'host: localhost', 'transfer-encoding: chunked') +
      '1\r\n7\r\n0\r\n\r\n',
    400,
    'bad_request',
  ],
  ...['HTTP/2.0', 'HTTP/0.9'].map(
    (version) =>
      [
        version,
        request(`POST /ingest/Order ${version}`, 'host: localhost', 'content-length: 0'),
        400,
        'bad_request',
      ] as const,
  ),
  ['a tunnel', request('CONNECT 192.0.2.1:5432 HTTP/1.1', 'host: 192.0.2.1:5432'), 405, 'method_not_allowed'],
  ['an unknown expectation', message('', 'expect: 200-ok'), 417, 'expectation_failed'],
  ...['expect: 100-continue, x', 'expect: 200-ok, 100-continue', 'expect: 100-continue\r\nexpect: x'].map(
    (expectation) =>
      [`another expectation: ${expectation}`, message('', expectation), 417, 'expectation_failed'] as const,
  ),
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'bad_request'],
] as const)(
  '%s is a problem and the end of the connection: what follows is no request',
  async ([, text, status, code]) => {
    // The message before it is accepted, those after it are not.
    const answers = await ask(message('1') + text + message('2') + message('3'));
    const [first, second, ...more] = answers.split(/(?=HTTP\/1\.1 \d)/);
    expect(first).toMatch(/^HTTP\/1\.1 202 /);
    expect(second).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*connection: close`, 'i'));
    expect(second).toContain('application/problem+json');
    expect(JSON.parse(second?.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status, code });
    expect(more).toEqual([]);
    expect(handled).toEqual(['1']);
    expect(refused).toEqual([code]);
  },
);

test.for([
  ['HTTP/1.0 without a Host', request('GET /healthz HTTP/1.0')],
  [
    'its own server in the target',
    request('GET http://a:1/healthz HTTP/1.1', 'host: A:1', 'connection: close'),
  ],
  [
    'chunks',
    request(
      'POST /ingest/Order HTTP/1.1',
      'host: localhost',
      'transfer-encoding: Chunked',
      'connection: close',
    ) + '1\r\n7\r\n0\r\n\r\n',
  ],
])('%s is served', async ([, text = '']) => {
  expect(await ask(text)).toMatch(/^HTTP\/1\.1 20[02] /);
});

test('without any key, metrics are read under names of this machine only', async () => {
  const metrics = (host: string) =>
    ask(request('GET /metrics HTTP/1.1', `host: ${host}`, 'connection: close'));
  expect(await metrics('localhost:8080')).toMatch(/^HTTP\/1\.1 200 /);
  expect(await metrics('evil.example')).toMatch(/^HTTP\/1\.1 403 [^]*"host_not_allowed"/);
  expect(refused).toEqual(['host_not_allowed']);
});

test('a long path is not repeated in the answer', async () => {
  const answer = await ask(
    request(`GET /${'x'.repeat(9_000)} HTTP/1.1`, 'host: localhost', 'connection: close'),
  );
  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  expect(answer.length).toBeLessThan(1_000);
});
