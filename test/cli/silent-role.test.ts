import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { nomnom, startNomnom } from '../support/nomnom.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-silent-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const data = join(folder, 'pings.ndjson');
writeFileSync(data, `{"id": "${ID}", "sent_at": "2024-01-01T00:00:00Z"}\n`);
const large = join(folder, 'large');
writeFileSync(large, Buffer.alloc(32 * 1024 * 1024, 'x'));
const raw = join(folder, 'raw.nom');
writeFileSync(raw, 'entity Raw { text: text(100) @body  store raws { key (text)  upsert on (text) } }\n');

async function talking(
  talk: (socket: Socket) => void,
  onFinished: (work: () => void) => void = onTestFinished,
): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    talk(socket);
  });
  onFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const lines = ['send', 'test/examples/tiny.nom', 'Ping', data];
const NO_ANSWER = /it took the connection, and no answer came within ([\d.]+) s\n/;
const NO_END = /its answer began, and did not come to its end within ([\d.]+) s\n/;
const HEAD = 'HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\ncontent-length: 31\r\n\r\n';

const SILENT: Readonly<
  Record<string, readonly [talk: (socket: Socket) => void, args: readonly string[], said: RegExp]>
> = {
  'a server that takes the connection and reads nothing': [(socket) => socket.pause(), lines, NO_ANSWER],
  'a server that reads and does not answer': [(socket) => socket.resume(), lines, NO_ANSWER],
  'a server that does not take a large body': [
    (socket) => socket.pause(),
    ['send', raw, 'Raw', large],
    NO_ANSWER,
  ],
  'half of the head of an answer': [
    (socket) => socket.once('data', () => socket.write(HEAD.slice(0, 30))),
    lines,
    NO_ANSWER,
  ],
  'an answer that stops midway': [
    (socket) => socket.once('data', () => socket.write(`${HEAD}{"accepted":`)),
    lines,
    NO_END,
  ],
  'an answer that goes on without an end': [
    (socket) => {
      socket.once('data', () => {
        socket.write(HEAD.replace('31', '31000'));
        const drip = setInterval(() => socket.write(' '), 50);
        socket.on('close', () => clearInterval(drip));
      });
    },
    lines,
    NO_END,
  ],
};

test.concurrent.for(Object.entries(SILENT))(
  'send waits for %s as long as --wait says',
  async ([, [talk, args, said]], { expect, onTestFinished }) => {
    const url = await talking(talk, onTestFinished);
    const ran = await nomnom([...args, `--url=${url}`, '--wait=5100ms']);
    expect(ran).toMatchObject({ status: 1, out: '' });
    // One try took the whole time: another one would have doubled it.
    expect(said.exec(ran.err)?.[1]).toBe('5.1');
    expect(ran.err).not.toContain('waiting');
    expect(ran.err).toMatch(/ {2}help: .*\/readyz.*--wait/);
  },
);

test('a shorter --wait leaves a role five seconds for its answer', async () => {
  const url = await talking((socket) => socket.resume());
  const ran = await nomnom([...lines, `--url=${url}`, '--wait=0s']);
  expect(NO_ANSWER.exec(ran.err)?.[1]).toBe('5');
  const body = JSON.stringify({ accepted: 1, rejected: [] });
  const slow = await talking((socket) =>
    socket.once('data', () =>
      setTimeout(() => socket.end(HEAD.replace('31', `${body.length}`) + body), 1000),
    ),
  );
  expect(await nomnom([...lines, `--url=${slow}`, '--wait=0s'])).toMatchObject({ status: 0 });
});

test('an answer that breaks off is asked for again', async () => {
  let tries = 0;
  const body = JSON.stringify({ accepted: 1, rejected: [] });
  const url = await talking((socket) =>
    socket.once('data', () => {
      tries += 1;
      if (tries === 1) setTimeout(() => socket.end(`${HEAD}{"acc`), 200);
      else socket.end(HEAD.replace('31', `${body.length}`) + body);
    }),
  );
  const ran = await nomnom([...lines, `--url=${url}`, '--wait=1h']);
  expect(ran).toMatchObject({ status: 0, out: '1 accepted, 0 rejected\n' });
  expect(ran.err).toMatch(/^waiting \d+ ms: its answer broke off midway\n$/);
});

test('a process that is frozen is a silent server', async () => {
  const script = `require('http').createServer(() => {}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const port = await new Promise<string>((resolve) =>
    child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim())),
  );
  child.kill('SIGSTOP');
  const ran = await nomnom([...lines, `--url=http://127.0.0.1:${port}`, '--wait=5100ms']);
  expect(ran.status).toBe(1);
  expect(NO_ANSWER.exec(ran.err)?.[1]).toBe('5.1');
});

test.for(Object.entries(SILENT))(
  'Ctrl-C ends send at once while it waits for %s',
  async ([, [talk, args]]) => {
    const asked = Promise.withResolvers<void>();
    const url = await talking((socket) => {
      talk(socket);
      asked.resolve();
    });
    const running = startNomnom([...args, `--url=${url}`, '--wait=1h']);
    await asked.promise;
    expect(await running.stop('SIGINT')).toBe(null);
    expect(running.child.signalCode).toBe('SIGINT');
  },
);
