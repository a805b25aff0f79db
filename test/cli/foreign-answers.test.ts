import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createListener, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { nomnom } from '../support/nomnom.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-foreign-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const data = join(folder, 'pings.ndjson');
writeFileSync(data, `{"id": "${ID}", "sent_at": "2024-01-01T00:00:00Z"}\n`);
const raw = join(folder, 'raw.nom');
writeFileSync(raw, 'entity Raw { text: text(100) @body  store raws { key (text)  upsert on (text) } }\n');

/** Longer than a test may take: whoever waits for it fails. */
const PATIENT = '--wait=1h';
const commands: Readonly<Record<string, readonly string[]>> = {
  'send of lines': ['send', 'test/examples/tiny.nom', 'Ping', data, PATIENT],
  'send of files': ['send', raw, 'Raw', data, PATIENT],
  status: ['status', ID],
};

async function listening(server: Server): Promise<string> {
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (
  status: number,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
) =>
  listening(
    createServer((request: IncomingMessage, response: ServerResponse) => {
      request.resume().on('end', () => {
        response.writeHead(status, { 'content-type': type, ...headers }).end(body);
      });
    }),
  );

const greeting = (text: string) =>
  listening(
    createListener((socket: Socket) => {
      socket.on('error', () => {});
      socket.end(text);
    }),
  );

const JSON_TYPE = 'application/json';
const PAGE = '<html>\n<title>It works!</title>\n</html>';

/** What no role answers, whatever it is asked, and what a person is told of it. */
const ANSWERS: Readonly<Record<string, readonly [serve: () => Promise<string>, found: string]>> = {
  'an empty object': [() => answering(202, JSON_TYPE, '{}'), 'found 202 (application/json): {}'],
  'a rejection that is no object': [
    () => answering(202, JSON_TYPE, '{"accepted": 0, "rejected_count": 1, "rejected": [null]}'),
    'found 202 (application/json): {"accepted": 0, "rejected_count": 1, "rejected": [null]}',
  ],
  nothing: [() => answering(202, JSON_TYPE, ''), 'found 202 (application/json)\n'],
  'no object': [() => answering(202, JSON_TYPE, 'null'), 'found 202 (application/json): null'],
  'a list': [() => answering(202, JSON_TYPE, '[1]'), 'found 202 (application/json): [1]'],
  'words for counts': [
    () => answering(202, JSON_TYPE, '{"accepted":"1","rejected":[],"message_id":1}'),
    'found 202 (application/json): {"accepted":"1"',
  ],
  'counts of another batch': [
    () => answering(202, JSON_TYPE, '{"accepted":2,"rejected":[]}'),
    'found 202 (application/json): {"accepted":2',
  ],
  'a page': [
    () => answering(200, 'text/html', PAGE),
    'found 200 (text/html): <html> <title>It works!</title> </html>',
  ],
  'a page that says 202': [() => answering(202, 'text/html', PAGE), 'found 202 (text/html): <html>'],
  'no such page': [() => answering(404, 'text/html', PAGE), 'found 404 (text/html)'],
  'a proxy that asks for a password': [
    () => answering(401, 'text/plain', 'no'),
    'found 401 (text/plain): no',
  ],
  'a proxy that takes no large body': [() => answering(413, 'text/html', PAGE), 'found 413 (text/html)'],
  'an error of another service': [
    () => answering(422, JSON_TYPE, '{"error":"bad"}'),
    'found 422 (application/json): {"error":"bad"}',
  ],
  'another address': [
    () => answering(308, 'text/plain', 'moved', { location: 'https://shop.example/x' }),
    'found 308, which leads to https://shop.example/x',
  ],
  'a terminal to be steered': [
    () => answering(202, 'text/plain', '\u001b[31mRED'),
    'found 202 (text/plain): \\u{1b}[31mRED',
  ],
  'another protocol': [() => greeting('SSH-2.0-OpenSSH_9.2\r\n'), 'found that it does not speak HTTP'],
};

test.each(
  Object.keys(commands).flatMap((command) => Object.keys(ANSWERS).map((what) => [command, what] as const)),
)('%s, answered with %s, says at once that no role answers', async (command, what) => {
  const [serve, found] = ANSWERS[what] ?? [];
  const url = (await serve?.()) ?? '';
  const ran = await nomnom([...(commands[command] ?? []), `--url=${url}`]);
  expect(ran).toMatchObject({ status: 1, out: '' });
  expect(ran.err.startsWith(`nomnom: ${url}/`)).toBe(true);
  expect(ran.err).toMatch(
    /: what answers is no role of nomnom: expected \S+ .*, found .*\n {2}help: .*--url/,
  );
  expect(ran.err).toContain(found);
});

test.each(Object.keys(commands))('%s over HTTP to a port with TLS says so at once', async (command) => {
  // The alert that OpenSSL sends; Node closes such a connection without a word.
  const url = await greeting('\x15\x03\x01\x00\x02\x02\x46');
  const ran = await nomnom([...(commands[command] ?? []), `--url=${url}`]);
  expect(ran).toMatchObject({ status: 1, out: '' });
  expect(ran.err).toMatch(/what listens there speaks TLS\n {2}help: .*https:\/\//);
});

test.each([502, 503, 504])(
  'a proxy that answers %i is waited for, and then said to be one',
  async (status) => {
    const url = await answering(status, 'text/html', PAGE);
    const ran = await nomnom([
      ...(commands['send of lines'] ?? []).filter((each) => each !== PATIENT),
      `--url=${url}`,
      '--wait=200ms',
    ]);
    expect(ran).toMatchObject({ status: 1, out: '' });
    expect(ran.err).toMatch(
      new RegExp(`^waiting \\d+ ms: answered ${status}\n[^]*answered ${status}\n  help: A proxy answers`),
    );
  },
);
