import { readFileSync } from 'node:fs';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../support/database.ts';
import { nomnom, startNomnom, type Started } from '../../support/nomnom.ts';
import { until } from '../../support/until.ts';

/*
 * A real process with its real heap limit. What it holds at most is read from the kernel: the budget for bodies is
 * 256 MB or less, and a process that does nothing has about 120 MB.
 */
const MB = 1024 * 1024;
const MOST = 700 * MB;

const database = await freshDatabase();
const env = { DATABASE_URL: database.url };
let role: Started | undefined;
let url = '';

beforeAll(async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), 'memory.nom');
  writeFileSync(
    file,
    `entity Ping { id: int  text: text?  store pings { key (id)  upsert on (id) keep } }
stream S { subject ingest = "s.{entity}" }
role ingest { publish S.ingest }
role worker { consume S.ingest }
`,
  );
  const { status, err } = await nomnom(['apply', file, '--yes'], { env });
  if (status !== 0) throw new Error(err);
  const started = startNomnom(['run', file, '--role=ingest', '--port=0', '--host=127.0.0.1'], { env });
  role = started;
  url = (await started.printed(/"address":"(http:[^"]+)"/))[1] ?? '';
  await until('the role to be ready', async () => (await fetch(`${url}/readyz`)).ok);
});

afterAll(() => role?.stop('SIGKILL'));

/** The most memory that the process ever had, in bytes. */
function peak(): number {
  const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${role?.child.pid}/status`, 'utf8'));
  return Number(found?.[1]) * 1024;
}

interface Answer {
  readonly status: number;
  readonly size: number;
  readonly body: Record<string, unknown>;
}

async function batch(body: Buffer): Promise<Answer> {
  const response = await fetch(`${url}/ingest/Ping/batch`, { method: 'POST', body });
  const text = await response.text();
  return { status: response.status, size: text.length, body: JSON.parse(text) as Answer['body'] };
}

/** A process that has much to do may refuse a message for a moment: it says so, and its sender comes again. */
async function takesMessages(): Promise<void> {
  await until('a message to be taken', async () => {
    const { status } = await fetch(`${url}/ingest/Ping`, { method: 'POST', body: '{"id":1}' });
    expect([202, 503]).toContain(status);
    return status === 202;
  });
}

test('a batch of millions of refused lines has a small answer, and it or such an array costs little memory', async () => {
  const count = 8 * MB;
  const lines = batch(Buffer.from('1\n'.repeat(count)));
  // Others are served meanwhile.
  await takesMessages();
  const answer = await lines;
  expect(answer).toMatchObject({
    status: 202,
    body: {
      accepted: 0,
      rejected_count: count,
      rejected_truncated: true,
      message_ids: [],
      message_ids_truncated: false,
    },
  });
  expect(answer.body['rejected']).toHaveLength(1000);
  expect(answer.size).toBeLessThan(MB);
  const array = Buffer.alloc(16 * MB - 1, '1,');
  array.write('[', 0);
  array.write(']', array.length - 1);
  expect(await batch(array)).toMatchObject({
    status: 400,
    body: { code: 'invalid_json', line: 1, column: 2 },
  });
  expect(peak()).toBeLessThan(MOST);
}, 600_000);

test('eight batches of 21 MB at once are accepted, in bounded memory', async () => {
  const line = (id: number) => `{"id":${id},"text":"${'x'.repeat(2000)}"}`;
  const bodies = Array.from({ length: 8 }, (_, at) =>
    Buffer.from(Array.from({ length: 10_500 }, (_, id) => line(at * 10_500 + id)).join('\n')),
  );
  expect(bodies[0]?.length).toBeGreaterThan(20 * MB);
  const answers = await Promise.all(bodies.map(batch));
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 202, body: { accepted: 10_500, message_ids_truncated: true } });
    expect(answer.body['message_ids']).toHaveLength(10_000);
  }
  await takesMessages();
  expect(peak()).toBeLessThan(MOST);
}, 600_000);

test('forty batches of 41 MB at once, whose length nobody knows, take bounded memory, and probes are answered meanwhile', async () => {
  const piece = Buffer.from(`{"id":1,"text":"${'x'.repeat(480)}"}\n`.repeat(130));
  const send = (): Promise<number | undefined> =>
    new Promise((resolve) => {
      const asked = request(`${url}/ingest/Ping/batch`, { method: 'POST', agent: false }, (answer) => {
        answer.resume();
        answer.once('close', () => resolve(answer.statusCode));
      });
      // One that is refused early may hear of it only by the end of its connection.
      asked.once('error', () => resolve(undefined));
      let left = 41 * MB;
      const write = (): void => {
        for (; left > 0 && !asked.destroyed; left -= piece.length)
          if (!asked.write(piece)) return void asked.once('drain', () => ((left -= piece.length), write()));
        asked.end();
      };
      write();
    });
  let isSending = true;
  const sent = Promise.all(Array.from({ length: 40 }, send)).finally(() => (isSending = false));
  const probes: number[] = [];
  // More often than any orchestrator asks; without a pause the test would be busy with its own questions.
  while (isSending) {
    probes.push((await fetch(`${url}/healthz`)).status);
    await sleep(50);
  }
  expect(new Set(probes)).toEqual(new Set([200]));
  const answers = await sent;
  expect(answers).toContain(202);
  expect(answers).toContain(503);
  await takesMessages();
  expect(peak()).toBeLessThan(MOST);
}, 600_000);

test('a thousand clients that announce 60 MB each and send a little of it hold next to nothing', async () => {
  const { port, hostname } = new URL(url);
  const head = `POST /ingest/Ping/batch HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${60 * MB}\r\n\r\n{"id":`;
  const before = peak();
  const sockets = await Promise.all(
    Array.from(
      { length: 1000 },
      () =>
        new Promise<ReturnType<typeof connect>>((resolve, reject) => {
          const socket = connect(Number(port), hostname, () => socket.write(head, () => resolve(socket)));
          socket.on('error', reject);
        }),
    ),
  );
  const taken = await until('a batch to be taken', async () => {
    const answer = await batch(Buffer.from('{"id":1}'));
    return answer.status === 503 ? undefined : answer;
  });
  expect(taken).toMatchObject({ status: 202, body: { accepted: 1 } });
  await takesMessages();
  expect(peak()).toBeLessThan(Math.max(before, 200 * MB) + 200 * MB);
  for (const socket of sockets) socket.destroy();
});
