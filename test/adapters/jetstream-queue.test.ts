import { jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { openJetStreamQueue } from '../../src/adapters/jetstream/queue.ts';
import { shortcomingOf } from '../../src/adapters/jetstream/old-server.ts';
import { partitionConformance } from '../conformance/partition-order.ts';
import { queueConformance } from '../conformance/queue.ts';
import { backlogConformance } from '../conformance/queue-backlog.ts';
import { extentConformance } from '../conformance/queue-extents.ts';
import { message, messages, type QueuePlan, queuePlan } from '../conformance/queue-plan.ts';
import { memoryLog } from '../support/memory-log.ts';
import { startLocalNats } from '../support/nats-server.ts';
import { freePort } from '../support/process.ts';
import { until } from '../support/until.ts';
import { failureOf } from '../support/failure-of.ts';

const url = inject('natsUrl');
const queue = await openJetStreamQueue({ url, log: memoryLog(), name: 'test' });
const connection = await connect({ servers: url });
const manager = await jetstreamManager(connection);
afterAll(async () => {
  await queue.close();
  await connection.close();
});

const FETCH = { max: 100, wait: 1_000, linger: 0, signal: new AbortController().signal };

/** The plan's stream, made by somebody else with some settings of their own. */
function foreignStream({ stream }: QueuePlan, settings: object): Promise<unknown> {
  const subjects = stream.subjects.map(({ pattern }) => pattern);
  return manager.streams.add({ name: stream.name, subjects, ...settings });
}

describe('the queue port over JetStream', () => {
  const adapter = {
    url,
    open: (through: string) => openJetStreamQueue({ url: through, log: memoryLog(), name: 'test' }),
  };
  queueConformance(adapter);
  extentConformance(adapter);
  backlogConformance(adapter);
  partitionConformance(adapter);
});

describe('the JetStream queue', () => {
  test('a stream with other settings is named setting by setting, and what loses nothing is fixed', async () => {
    const names = queuePlan({ stream: { maxAge: 3_600_000, maxBytes: 1_000_000, dedupe: 60_000 } });
    await foreignStream(names, {
      retention: 'limits',
      discard: 'old',
      max_age: nanos(600_000),
      max_bytes: 500_000,
      max_msgs: 10,
      duplicate_window: nanos(120_000),
    });
    const differences = await queue.differences(names.plan);
    const stream = `stream ${names.stream.name}`;
    expect(differences).toEqual([
      {
        code: 'NOM903',
        what: `${stream}, retention`,
        expected: 'workqueue',
        found: 'limits',
        fixable: false,
      },
      { code: 'NOM903', what: `${stream}, max_age`, expected: '1h', found: '10m', fixable: true },
      {
        code: 'NOM903',
        what: `${stream}, max_bytes`,
        expected: '1000000 bytes',
        found: '500000 bytes',
        fixable: true,
      },
      { code: 'NOM903', what: `${stream}, duplicate_window`, expected: '1m', found: '2m', fixable: true },
      { code: 'NOM903', what: `${stream}, discard`, expected: 'new', found: 'old', fixable: true },
      {
        code: 'NOM903',
        what: `${stream}, max_msgs`,
        expected: 'unlimited',
        found: '10 messages',
        fixable: true,
      },
      {
        code: 'NOM903',
        what: `consumer worker of ${stream}`,
        expected: 'exists',
        found: 'does not exist',
        fixable: true,
      },
    ]);
    await queue.apply(names.plan);
    expect((await queue.differences(names.plan)).map(({ what }) => what)).toEqual([`${stream}, retention`]);
    expect(await queue.apply(names.plan)).toEqual([]);
  });

  test('a limit that would delete messages is left to a person', async () => {
    const wide = queuePlan({ stream: { maxAge: 3_600_000, maxBytes: 1_000_000, dedupe: 30_000 } });
    await queue.apply(wide.plan);
    const sent = Array.from({ length: 20 }, () => message(wide, { body: Buffer.alloc(10_000) }));
    await queue.publisher().publish(sent);
    const narrow = queuePlan(
      { stream: { maxAge: 60_000, maxBytes: 50_000, dedupe: 30_000 } },
      wide.stream.name.slice(1),
    );
    expect(await queue.differences(narrow.plan)).toMatchObject([{ fixable: false }, { fixable: false }]);
    expect(await queue.apply(narrow.plan)).toEqual([]);
    const { state } = await manager.streams.info(wide.stream.name);
    expect(state.messages).toBe(20);
  });

  test('a consumer with other settings is named, and its ack wait and limits are fixed', async () => {
    const names = queuePlan({ consume: { ackWait: 90_000, maxAckPending: 300 } });
    await foreignStream(names, { retention: 'workqueue', discard: 'new', duplicate_window: nanos(120_000) });
    await manager.consumers.add(names.stream.name, {
      durable_name: names.consume.durable,
      ack_policy: 'explicit',
      deliver_policy: 'all',
      ack_wait: nanos(30_000),
      max_deliver: 5,
      max_ack_pending: 1_000,
      filter_subject: names.consume.filter.replace('ingest', 'dead'),
    });
    const differences = await queue.differences(names.plan);
    expect(
      differences.map(({ what, expected, found }) => `${what.split(', ')[1]}: ${expected}, ${found}`),
    ).toEqual([
      `filter_subject: ${names.consume.filter}, ${names.consume.filter.replace('ingest', 'dead')}`,
      'ack_wait: 90s, 30s',
      'max_deliver: unlimited, 5 deliveries',
      'max_ack_pending: 300 messages, 1000 messages',
    ]);
    await queue.apply(names.plan);
    expect(await queue.differences(names.plan)).toEqual([]);
  });

  test('a subject that another stream captures is named with that stream', async () => {
    const names = queuePlan();
    const owner = `OWNER${names.stream.name}`;
    await manager.streams.add({ name: owner, subjects: [names.stream.subjects[1]?.pattern ?? ''] });
    const differences = await queue.differences(names.plan);
    expect(differences.filter(({ fixable }) => !fixable)).toMatchObject([
      { what: `stream ${names.stream.name}, subject dead`, found: `captured by stream ${owner}` },
    ]);
    const failure = await failureOf(queue.apply(names.plan));
    expect(failure.code).toBe('QUEUE_MISCONFIGURED');
    expect(failure.message).toContain(names.stream.name);
  });

  test('a message that somebody else published has an id of its own, the same at each delivery', async () => {
    const names = queuePlan();
    await queue.apply(names.plan);
    connection.publish(names.subject('Order'), '{"a":1}');
    connection.publish(names.subject('Order'), '{"a":1}');
    await connection.flush();
    const consumer = await queue.consumer(names.consume);
    const first = await consumer.fetch({ ...FETCH, max: 2, linger: 500 });
    await consumer.retry(first, 1);
    const again = await consumer.fetch({ ...FETCH, max: 2, linger: 500 });
    expect(first.map(({ entity, generation }) => ({ entity, generation }))).toEqual([
      { entity: 'Order', generation: 0 },
      { entity: 'Order', generation: 0 },
    ]);
    expect(new Set(first.map(({ messageId }) => messageId)).size).toBe(2);
    expect(again.map(({ messageId }) => messageId)).toEqual(first.map(({ messageId }) => messageId));
    expect(first[0]?.messageId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(Math.abs((first[0]?.receivedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test('a message larger than the server takes is refused without harm to the others', async () => {
    const names = queuePlan();
    await queue.apply(names.plan);
    const publisher = queue.publisher();
    const limit = publisher.maxBody ?? 0;
    expect(limit).toBeGreaterThan(500_000);
    const outcomes = await publisher.publish([
      message(names, { body: Buffer.alloc(limit) }),
      message(names, { body: Buffer.alloc(limit + 100_000) }),
      message(names),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['stored', 'too_large', 'stored']);
  });

  test('a consumer that is deleted under a worker is QUEUE_MISCONFIGURED', async () => {
    const names = queuePlan();
    await queue.apply(names.plan);
    const consumer = await queue.consumer(names.consume);
    const waiting = failureOf(consumer.fetch({ ...FETCH, wait: 20_000 }));
    await until('the pull to reach the server', async () => {
      const { num_waiting: pulls } = await manager.consumers.info(names.stream.name, names.consume.durable);
      return pulls === 1;
    });
    await manager.consumers.delete(names.stream.name, names.consume.durable);
    expect((await waiting).code).toBe('QUEUE_MISCONFIGURED');
    expect((await failureOf(consumer.fetch(FETCH))).code).toBe('QUEUE_MISCONFIGURED');
  });

  test('a server that deletes from full streams is named before the first message, where a stream has a limit', () => {
    const limited = queuePlan({ stream: { maxAge: 0, maxBytes: 500_000, dedupe: 60_000 } }).plan;
    const unlimited = queuePlan({ stream: { maxAge: 0, maxBytes: -1, dedupe: 60_000 } }).plan;
    const { name } = limited.streams[0] ?? {};
    expect(shortcomingOf('2.9.25', limited)).toMatchObject({
      loses: true,
      help: `Use nats-server 2.10 or newer, or leave max_bytes out of ${name}.`,
    });
    expect(shortcomingOf('2.9.25', unlimited)).toMatchObject({ loses: false });
    expect(shortcomingOf('2.10.0', limited)).toBeUndefined();
    expect(shortcomingOf('3.0.0', limited)).toBeUndefined();
  });

  test('an aborted fetch leaves no pull at the server', async () => {
    const names = queuePlan();
    await queue.apply(names.plan);
    const consumer = await queue.consumer(names.consume);
    const abort = new AbortController();
    const waiting = consumer.fetch({ ...FETCH, wait: 20_000, signal: abort.signal });
    const pulls = async () =>
      (await manager.consumers.info(names.stream.name, names.consume.durable)).num_waiting;
    await until('the pull to reach the server', async () => (await pulls()) === 1);
    abort.abort();
    await waiting;
    expect(await until('the pull to be gone', async () => (await pulls()) === 0)).toBe(true);
  });

  test('no server at the address is QUEUE_UNAVAILABLE, without the password in the message', async () => {
    const port = await freePort();
    const opening = openJetStreamQueue({
      url: `nats://me:secret@127.0.0.1:${port}`,
      log: memoryLog(),
      name: 'test',
    });
    const failure = await failureOf(opening);
    expect(failure.code).toBe('QUEUE_UNAVAILABLE');
    expect(failure.message).toContain(String(port));
    expect(failure.message).not.toContain('secret');
  });
});

describe('a JetStream server with a password', () => {
  test('may be restarted: what was stored is delivered, and publisher and consumer go on', async () => {
    const storeFolder = await mkdtemp(join(tmpdir(), 'nomnom-store-'));
    onTestFinished(() => rm(storeFolder, { recursive: true, force: true }));
    const port = await freePort();
    const extra = 'authorization { user: me, password: secret }';
    const first = await startLocalNats({ port, storeFolder, extra });
    onTestFinished(() => first?.stop());
    const own = await openJetStreamQueue({
      url: `nats://me:secret@127.0.0.1:${port}`,
      log: memoryLog(),
      name: 'test',
    });
    onTestFinished(() => own.close());
    const names = queuePlan({ consume: { ackWait: 2_000 } });
    await own.apply(names.plan);
    const publisher = own.publisher();
    const consumer = await own.consumer(names.consume);
    const sent = messages(names, 50);
    await publisher.publish(sent);
    // Out for delivery when the server stops: it comes again once its ack wait is over.
    await consumer.fetch({ ...FETCH, max: 1 });
    await first?.stop();
    expect(await publisher.publish(messages(names, 3))).toMatchObject([
      { kind: 'unavailable' },
      { kind: 'unavailable' },
      { kind: 'unavailable' },
    ]);
    const second = await startLocalNats({ port, storeFolder, extra });
    onTestFinished(() => second?.stop());
    const after = message(names);
    await until(
      'publishing to work again',
      async () => (await publisher.publish([after]))[0]?.kind === 'stored',
    );
    const delivered = new Set<string>();
    await until('all messages', async () => {
      const some = await consumer.fetch(FETCH);
      await consumer.ack(some);
      for (const { messageId } of some) delivered.add(messageId);
      return delivered.size === sent.length + 1;
    });
    expect([...delivered].toSorted()).toEqual([...sent, after].map(({ messageId }) => messageId).toSorted());
  });
});

describe('a JetStream server that lost what it stored', () => {
  test('takes no answer from before for one to a message that has the same number now', async () => {
    const port = await freePort();
    const first = await startLocalNats({ port });
    onTestFinished(() => first?.stop());
    const own = await openJetStreamQueue({ url: `nats://127.0.0.1:${port}`, log: memoryLog(), name: 'test' });
    onTestFinished(() => own.close());
    const names = queuePlan({ consume: { ackWait: 60_000 } });
    await own.apply(names.plan);
    const publisher = own.publisher();
    const consumer = await own.consumer(names.consume);
    onTestFinished(() => consumer.close());
    await publisher.publish([message(names)]);
    const before = await consumer.fetch({ ...FETCH, max: 1 });
    await first?.stop();
    const second = await startLocalNats({ port });
    onTestFinished(() => second?.stop());
    await until('the empty server to be set up', async () => (await own.apply(names.plan)).length > 0);
    await publisher.publish([message(names)]);
    expect(await consumer.fetch({ ...FETCH, max: 1 })).toHaveLength(1);
    await consumer.ack(before);
    // A round trip on the same connection: an acknowledgement would have arrived before it.
    await own.ping();
    expect(await consumer.pending()).toBe(1);
  });
});
