import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { NatsAccess } from '../../src/adapters/jetstream/access.ts';
import { openLateJetStreamQueue } from '../../src/adapters/jetstream/late-queue.ts';
import { type Link, openLink } from '../../src/adapters/jetstream/link.ts';
import { openJetStreamQueue } from '../../src/adapters/jetstream/queue.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import type { Queue } from '../../src/ports/queue.ts';
import { message, queuePlan } from '../conformance/queue-plan.ts';
import { certificateAuthority, certificateFolder } from '../support/certificates.ts';
import { failureOf } from '../support/failure-of.ts';
import { heldConnection } from '../support/held-connection.ts';
import { memoryLog } from '../support/memory-log.ts';
import { type LocalNats, type NatsOptions, startLocalNats } from '../support/nats-server.ts';
import { freePort } from '../support/process.ts';
import { openTcpProxy, through } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

const NO_MORE = {
  code: 'QUEUE_UNAVAILABLE',
  message: expect.stringContaining('has no more connections: maximum connections exceeded'),
  help: expect.stringContaining('max_connections'),
};

async function serve(extra: string, options: NatsOptions = {}): Promise<LocalNats> {
  const nats = await startLocalNats({ ...options, extra });
  if (nats === undefined) throw new Error('the test needs a nats-server of its own');
  onTestFinished(() => nats.stop());
  return nats;
}

async function open(url: string, access: NatsAccess = {}): Promise<Link> {
  const link = await openLink({ url, access, log: memoryLog(), name: 'test', connectTimeout: 2_000 });
  onTestFinished(() => link.close());
  return link;
}

async function opens(url: string, access: NatsAccess = {}): Promise<boolean> {
  return open(url, access).then(
    () => true,
    () => false,
  );
}

describe('a nats-server whose connections are all taken', () => {
  test('is named, with what to do, and taken once it has one', async () => {
    const nats = await serve('max_connections: 1');
    const held = await heldConnection(nats.url);
    expect(await failureOf(open(nats.url))).toMatchObject(NO_MORE);
    held.destroy();
    await until('a connection', () => opens(nats.url));
  });

  test('is named where it has TLS, which would begin only later', async () => {
    const folder = certificateFolder();
    const authority = certificateAuthority(folder, 'authority');
    const { certificate, key } = authority.sign({ common: 'localhost', hosts: 'DNS:localhost' });
    const nats = await serve(`max_connections: 1\ntls { cert_file: "${certificate}", key_file: "${key}" }`);
    const url = nats.url.replace('nats://127.0.0.1', 'tls://localhost');
    // An older server counts a connection once it has TLS; the one that waited for this server may still count.
    await until('the only connection', () => opens(url, { caFile: authority.certificate }));
    expect(await failureOf(open(url, { caFile: authority.certificate }))).toMatchObject(NO_MORE);
  });

  test('is named while a role waits for it', async () => {
    const nats = await serve('max_connections: 1');
    const held = await heldConnection(nats.url);
    const queue = openLateJetStreamQueue({
      ...{ url: nats.url, log: memoryLog(), name: 'test', clock: systemClock, connectTimeout: 1_000 },
    });
    onTestFinished(() => queue.close());
    await until('the reason', async () => (await pingOf(queue)).includes('maximum connections exceeded'));
    held.destroy();
    await until('the queue to answer', async () => (await pingOf(queue)) === '');
    expect(await pingOf(queue)).toBe('');
  });

  test('is named where it takes a connection that was lost no more', async () => {
    const nats = await serve('');
    const proxy = await openTcpProxy(nats.url);
    onTestFinished(() => proxy.close());
    const link = await open(through(proxy, nats.url));
    await proxy.cut();
    await nats.reload('max_connections: 1');
    const held = await heldConnection(nats.url);
    await proxy.restore();
    await until('the refusal', () => link.whyDown().message.includes('maximum connections exceeded'));
    expect(link.whyDown()).toMatchObject(NO_MORE);
    expect(link.isUp()).toBe(false);
    held.destroy();
    await until('the connection', () => link.isUp());
  });
});

test('an account whose connections are all taken is named', async () => {
  const nats = await serve(
    'accounts { A { jetstream: enabled, users: [{ user: a, password: b }], limits: { max_connections: 1 } } }',
  );
  const url = nats.url.replace('//', '//a:b@');
  await open(url);
  expect(await failureOf(open(url))).toMatchObject({
    code: 'QUEUE_UNAVAILABLE',
    message: expect.stringContaining('maximum account active connections exceeded'),
    help: expect.stringContaining('account'),
  });
});

test('a refused subscription is named by all that needs it, and the queue works once there is room', async () => {
  const port = await freePort();
  const storeFolder = mkdtempSync(join(tmpdir(), 'nomnom-subscriptions-'));
  onTestFinished(() => rmSync(storeFolder, { recursive: true, force: true }));
  const nats = await serve('max_subscriptions: 1', { port, storeFolder });
  const names = queuePlan();
  const log = memoryLog();
  const queue = await openJetStreamQueue({ url: nats.url, log, name: 'test' });
  onTestFinished(() => queue.close());
  await queue.apply(names.plan);
  // That of the requests is the only one that it may have; the publisher's hears no answer.
  const publisher = queue.publisher();
  const [outcome] = await publisher.publish([message(names)]);
  expect(outcome).toMatchObject({
    kind: 'unavailable',
    reason: expect.stringContaining('maximum subscriptions'),
  });
  expect(await pingOf(queue)).toContain('maximum subscriptions exceeded');
  // nats-server does not read this setting anew.
  await nats.stop();
  await serve('max_subscriptions: 100', { port, storeFolder });
  await until('the queue to answer', async () => (await pingOf(queue)) === '');
  await until(
    'the message to be stored',
    async () => (await publisher.publish([message(names)]))[0]?.kind === 'stored',
  );
});

test('a frozen nats-server is said to take the connection and say nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-frozen-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const pidFile = join(folder, 'pid');
  const nats = await serve('', { pidFile });
  const pid = Number(readFileSync(pidFile, 'utf8'));
  process.kill(pid, 'SIGSTOP');
  onTestFinished(() => void process.kill(pid, 'SIGCONT'));
  await until('the server to stand still', () => / T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  expect(await failureOf(open(nats.url))).toMatchObject({
    code: 'QUEUE_UNAVAILABLE',
    message: expect.stringContaining('it takes the connection and says nothing'),
    help: expect.stringMatching(/^It may hang or be overloaded/),
  });
});

describe('words of nats-server, from a server that only says them', () => {
  test.each([
    ['maximum connections exceeded', 'QUEUE_UNAVAILABLE', 'has no more connections'],
    ['maximum account active connections exceeded', 'QUEUE_UNAVAILABLE', 'for the account of this user'],
    ['maximum subscriptions exceeded', 'QUEUE_UNAVAILABLE', 'takes no more subscriptions'],
    ['Secure Connection - TLS Required', 'QUEUE_MISCONFIGURED', 'over TLS only'],
    ['User Authentication Expired', 'QUEUE_MISCONFIGURED', 'they have expired'],
    ['User Authentication Revoked', 'QUEUE_MISCONFIGURED', 'they have been revoked'],
    ['Account Authentication Expired', 'QUEUE_MISCONFIGURED', 'those of the account have expired'],
    ['Authorization Violation', 'QUEUE_MISCONFIGURED', 'are unknown there'],
  ])('%s', async (words, code, told) => {
    const url = await refusing(words);
    expect(await failureOf(open(url))).toMatchObject({ code, message: expect.stringContaining(told) });
  });
});

/** A server that refuses every connection with these words once it has been told who connects. */
async function refusing(words: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(`-ERR '${words}'\r\n`));
    socket.write(
      'INFO {"server_id":"fake","version":"2.10.0","proto":1,"headers":true,"max_payload":1000}\r\n',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `nats://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}

/** Why the queue does not answer; empty where it does. */
async function pingOf(queue: Queue): Promise<string> {
  try {
    await queue.ping();
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
