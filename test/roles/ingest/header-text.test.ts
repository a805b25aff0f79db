import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { headerText } from '../../../src/roles/ingest/header-text.ts';
import { ledgerStore, run, type Running } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';

const store = await ledgerStore();
const TEXT = 'Größe – 数 😀.txt';

/** Sends one `Note` whose header has these bytes, and gives everything that came back. */
function send({ ingest }: Running, value: Uint8Array, more = ''): Promise<string> {
  const { port, hostname } = new URL(ingest.address);
  const head = `POST /ingest/Note HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 4\r\n${more}x-filename: `;
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(Buffer.concat([Buffer.from(head), value, Buffer.from('\r\n\r\nbody')]));
    });
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

test('the bytes of a header are UTF-8, and are stored as that', async () => {
  const queue = scriptedQueue();
  const running = await run(store, queue);
  expect(await send(running, Buffer.from(TEXT))).toMatch(/^HTTP\/1\.1 202 /);
  expect(queue.stored.map(({ headers }) => headers)).toEqual([{ 'x-filename': TEXT }]);
});

test('a header that is not UTF-8 is refused by its name, before the body is read', async () => {
  const queue = scriptedQueue();
  const running = await run(store, queue);
  for (const value of [
    Buffer.from('Größe', 'latin1'),
    Buffer.from([0xc3]),
    Buffer.from([0xed, 0xa0, 0x80]),
  ]) {
    const answer = await send(running, value);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"invalid_header"');
    expect(answer).toContain('the header x-filename is not UTF-8');
  }
  expect(queue.stored).toEqual([]);
  // A header that the entity does not read is not looked at.
  const { post } = running;
  expect(await post('/ingest/Order', '{"id":1}', { 'x-other': 'Gr\u00f6\u00dfe' })).toMatchObject({
    status: 202,
  });
});

test('the same header under the same Idempotency-Key is the same message, another one is not', async () => {
  const running = await run(store, scriptedQueue());
  const key = 'idempotency-key: header-text\r\n';
  expect(await send(running, Buffer.from('é'), key)).toMatch(/^HTTP\/1\.1 202 /);
  expect(await send(running, Buffer.from('é'), key)).toMatch(/^HTTP\/1\.1 202 /);
  expect(await send(running, Buffer.from('è'), key)).toContain('"code":"idempotency_key_reused"');
});

test('a value is text, or it is undefined', () => {
  expect(headerText('plain')).toBe('plain');
  expect(headerText(Buffer.from('é').toString('latin1'))).toBe('é');
  expect(headerText('é')).toBeUndefined();
});
