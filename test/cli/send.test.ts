import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nomnom } from '../support/nomnom.ts';
import type { Ran } from '../support/run-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-send-'));
const data = join(folder, 'pings.ndjson');

/** Stands for the ingest role: takes everything, and keeps the headers of what came. */
const seen: IncomingHttpHeaders[] = [];
const ALL_ACCEPTED = '{"accepted": 1, "rejected": []}';
let answer = ALL_ACCEPTED;
const role = createServer((request, response) => {
  seen.push(request.headers);
  request.resume().on('end', () => {
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end(answer);
  });
});

beforeAll(async () => {
  writeFileSync(data, '{"id": "0f8fad5b-d9cb-469f-a165-70867728950e", "sent_at": "2024-01-01T00:00:00Z"}\n');
  await new Promise<void>((resolve) => role.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  role.close();
  rmSync(folder, { recursive: true });
});

function send(...more: readonly string[]): Promise<Ran> {
  const url = `http://127.0.0.1:${(role.address() as AddressInfo).port}`;
  return nomnom(['send', 'test/examples/tiny.nom', 'Ping', data, '--url', url, ...more]);
}

test('every --header goes with the messages, beside those of the request itself', async () => {
  const sent = await send('--header', 'X-Trace:  a: b ', '--header', 'authorization: Bearer key');
  expect(sent).toEqual({ status: 0, out: '1 accepted, 0 rejected\n', err: '' });
  expect(seen.at(-1)).toMatchObject({
    'x-trace': 'a: b',
    authorization: 'Bearer key',
    'content-type': 'application/x-ndjson',
    'idempotency-key': expect.stringMatching(/-0$/) as string,
  });
});

test('all faults of a rejected line are told', async () => {
  const [first, second] = [
    { code: 'wrong_type', field: 'E.id', pointer: '/id', message: 'expected a string, found null' },
    { code: 'missing', field: 'E.at', pointer: '/at', message: 'expected a value, found no such key' },
  ];
  answer = JSON.stringify({ accepted: 0, rejected: [{ index: 0, ...first, faults: [first, second] }] });
  const sent = await send();
  answer = ALL_ACCEPTED;
  expect(sent.out).toMatch(
    /:1 wrong_type at \/id: expected a string.*\n.*:1 missing at \/at: expected a value/,
  );
});

test('what a key of a rejected message holds cannot steer the terminal', async () => {
  const rejected = [
    { index: 0, code: 'unknown_field', pointer: '/\u001b[31mRED\u0007', message: 'found \u202e' },
  ];
  answer = JSON.stringify({ accepted: 0, rejected });
  const sent = await send();
  answer = ALL_ACCEPTED;
  expect(sent.status).toBe(1);
  expect(sent.out).toContain('unknown_field at /\\u{1b}[31mRED\\u{7}: found \\u{202e}');
});

test.each([
  ['without a colon', ['x-trace'], '--header takes "name: value", got "x-trace"'],
  ['without a name', [': a'], '--header takes "name: value", got ": a"'],
  ['with a name that is none', ['x trace: a'], '--header takes "name: value", got "x trace: a"'],
  [
    'with a value that no header takes',
    ['x-trace: a\nb'],
    '--header x-trace: a value has printable ASCII characters only',
  ],
  ["that is the request's own", ['Content-Type: a/b'], '--header content-type: this command sets it itself'],
  ['that comes twice', ['x-trace: a', 'X-Trace: b'], '--header x-trace is given twice'],
])('a header %s is wrong use, and nothing is sent', async (_what, headers, message) => {
  const before = seen.length;
  const sent = await send(...headers.flatMap((header) => ['--header', header]));
  expect(sent.status).toBe(2);
  expect(sent.err).toContain(message);
  expect(seen.length).toBe(before);
});

test('a command that ends early says what was accepted before', async () => {
  const many = join(folder, 'many.ndjson');
  writeFileSync(many, '{}\n'.repeat(2_500));
  const answers = [
    [
      202,
      {
        accepted: 999,
        rejected: [{ index: 3, code: 'missing', pointer: '/id', message: 'found no such key' }],
      },
    ],
    [413, { code: 'too_large', message: 'the body is larger than 9 bytes' }],
  ] as const;
  let at = 0;
  const revoking = createServer((request, response) => {
    const [status, body] = answers[at === 0 ? 0 : 1];
    at += 1;
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => revoking.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(revoking.address() as AddressInfo).port}`;
  const command = ['send', 'test/examples/tiny.nom', 'Ping', many, '--url', url];
  const sent = await nomnom(command);
  at = 0;
  const asJson = await nomnom([...command, '--json']);
  revoking.close();
  expect(sent.status).toBe(1);
  expect(sent.out).toBe(`999 accepted, 1 rejected\n  ${many}:4 missing at /id: found no such key\n`);
  expect(sent.err).toContain('the body is larger than 9 bytes');
  expect(JSON.parse(asJson.out)).toMatchObject({ accepted: 999, rejected: 1 });
});

test('--quiet leaves the result', async () => {
  const rejected = [{ index: 0, code: 'missing', pointer: '/id', message: 'found no such key' }];
  answer = JSON.stringify({ accepted: 0, rejected });
  const sent = await send('--quiet');
  answer = ALL_ACCEPTED;
  expect(sent).toEqual({
    status: 1,
    out: `0 accepted, 1 rejected\n  ${data}:1 missing at /id: found no such key\n`,
    err: '',
  });
});
