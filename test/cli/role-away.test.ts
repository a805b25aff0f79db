import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createListener } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { nomnom } from '../support/nomnom.ts';
import type { Ran } from '../support/run-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-away-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const data = join(folder, 'pings.ndjson');
writeFileSync(data, `{"id": "${ID}", "sent_at": "2024-01-01T00:00:00Z"}\n`);
const raw = join(folder, 'raw.nom');
writeFileSync(
  raw,
  'entity Raw {\n  text: text(100) @body\n  store raws { key (text)  upsert on (text) }\n}\n',
);

const commands: Readonly<Record<string, readonly string[]>> = {
  'send of lines': ['send', 'test/examples/tiny.nom', 'Ping', data],
  'send of files': ['send', raw, 'Raw', data],
  status: ['status', ID],
};

function ask(command: string, url: string, ...more: readonly string[]): Promise<Ran> {
  return nomnom([...(commands[command] ?? []), `--url=${url}`, ...more]);
}

test.each(
  Object.keys(commands).flatMap((command) =>
    ['', 'foo', 'localhost:8080', 'http://', 'http://h:99999', 'ftp://h', 'http://user:hidden@h'].map(
      (url) => [command, url] as const,
    ),
  ),
)('%s: --url=%s is wrong use, and nothing is waited for', async (command, url) => {
  const ran = await ask(command, url);
  expect(ran).toMatchObject({ status: 2, out: '' });
  expect(ran.err).toMatch(/^nomnom: --url: .*\n$/);
  expect(ran.err).not.toContain('hidden');
});

/** A port on which nothing listens any more. */
async function freePort(): Promise<number> {
  const listener = createListener();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

test.each(['send of lines', 'send of files'])(
  '%s gives up where nothing listens for as long as --wait says',
  async (command) => {
    const url = `http://localhost:${await freePort()}`;
    const ran = await ask(command, url, '--wait=200ms');
    expect(ran).toMatchObject({ status: 1, out: '' });
    expect(ran.err).toMatch(/^waiting \d+ ms: .*ECONNREFUSED/);
    expect(ran.err).toMatch(/nomnom: http:\/\/localhost:\d+\/ingest\/\w+(\/batch)?: .*ECONNREFUSED.*\n/);
    expect(ran.err).toMatch(/ {2}help: .*--url.*--wait/);
    expect((await ask(command, url, '--wait=0s')).err).not.toContain('waiting');
  },
);

test.each(Object.keys(commands))('%s ends at once where no request can ever be sent', async (command) => {
  const ran = await ask(command, 'http://127.0.0.1:0');
  expect(ran).toMatchObject({ status: 2, out: '' });
  expect(ran.err).toMatch(/^nomnom: --url: nothing listens on port 0/);
  const ofPort = await nomnom(commands[command] ?? [], { env: { PORT: '0' } });
  expect(ofPort).toMatchObject({ status: 2, err: expect.stringMatching(/PORT is 0.*--url/) });
});

test.each(['', '30', '-1s', '1 s', 'soon'])('--wait=%s is wrong use', async (wait) => {
  const ran = await ask('send of lines', 'http://127.0.0.1:9', `--wait=${wait}`);
  expect(ran).toEqual({
    status: 2,
    out: '',
    err: `nomnom: --wait: expected a length of time such as 30s or 5m, got "${wait}"\n`,
  });
});

/** A role that answers each request with the next of these, the last one again and again. */
async function roleThat(...answers: readonly [status: number, body: object][]): Promise<string> {
  let at = 0;
  const server = createServer((request, response) => {
    const [status, body] = answers[Math.min(at, answers.length - 1)] ?? [500, {}];
    at += 1;
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
      response.end(JSON.stringify(body));
    });
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each(['send of lines', 'send of files'])(
  '%s waits for a busy role, and not for ever',
  async (command) => {
    const busy = [503, { code: 'overloaded', message: 'too much waits' }] as const;
    const url = await roleThat([...busy], [...busy], [202, { accepted: 1, rejected: [], message_id: ID }]);
    expect(await ask(command, url)).toMatchObject({ status: 0, out: '1 accepted, 0 rejected\n' });
    const ran = await ask(command, await roleThat([...busy]), '--wait=150ms');
    expect(ran.status).toBe(1);
    expect(ran.err).toMatch(/nomnom: .*: too much waits\n {2}help: .*--wait/);
  },
);

test.each(Object.keys(commands))('%s without a key says how this command is given one', async (command) => {
  const url = await roleThat([
    401,
    { code: 'unauthorized', message: 'send it as Authorization: Bearer KEY' },
  ]);
  const ran = await ask(command, url);
  expect(ran.status).toBe(1);
  expect(ran.err).not.toContain('Bearer');
  expect(ran.err).toMatch(/needs a key\n {2}help: .*NOMNOM_KEY.*--key-file/);
});

test('a file without a message is named', async () => {
  const empty = join(folder, 'empty.ndjson');
  for (const text of ['', '\n \n']) {
    writeFileSync(empty, text);
    const url = await roleThat([500, {}]);
    const ran = await nomnom(['send', 'test/examples/tiny.nom', 'Ping', empty, `--url=${url}`]);
    expect(ran).toEqual({
      status: 0,
      out: '0 accepted, 0 rejected\n',
      err: `nomnom: ${empty} has no message\n`,
    });
  }
});
