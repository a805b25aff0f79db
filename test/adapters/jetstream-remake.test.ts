import { jetstreamManager } from '@nats-io/jetstream';
import { connect, errors } from '@nats-io/transport-node';
import { afterAll, expect, inject, onTestFinished, test } from 'vitest';
import { openJetStreamQueue } from '../../src/adapters/jetstream/queue.ts';
import { finishRemaking, remakeConsumer } from '../../src/adapters/jetstream/remake.ts';
import { Failure } from '../../src/ports/failure.ts';
import type { Consumer } from '../../src/ports/queue.ts';
import { memoryLog } from '../support/memory-log.ts';
import { until } from '../support/until.ts';
import { messages, type QueuePlan, queuePlan } from '../conformance/queue-plan.ts';

const url = inject('natsUrl');
const queue = await openJetStreamQueue({ url, log: memoryLog(), name: 'test' });
const connection = await connect({ servers: url });
const manager = await jetstreamManager(connection);
afterAll(async () => {
  await queue.close();
  await connection.close();
});

const OURS = 'orders of the shop';

/** A stream with three messages, and a description that somebody wrote. */
async function stocked(): Promise<{ readonly names: QueuePlan; readonly sent: readonly string[] }> {
  const names = queuePlan();
  await queue.apply(names.plan);
  await manager.streams.update(names.stream.name, { description: OURS });
  const sent = messages(names, 3);
  await queue.publisher().publish(sent);
  return { names, sent: sent.map(({ messageId }) => messageId).toSorted() };
}

/** Makes the consumer anew and dies in the middle: it is gone, and nobody adds it. */
async function dieHalfWay({ stream, consume }: QueuePlan): Promise<void> {
  const dying = {
    ...manager,
    streams: manager.streams,
    consumers: {
      delete: async (...names: readonly [string, string]) => {
        await manager.consumers.delete(...names);
        throw new Error('the process is dead');
      },
    },
  };
  await expect(remakeConsumer(dying as unknown as typeof manager, consume)).rejects.toThrow('is dead');
  await expect(manager.consumers.info(stream.name, consume.durable)).rejects.toThrow(/not found/);
}

async function idsOf(consumer: Consumer): Promise<readonly string[]> {
  const { signal } = new AbortController();
  const found = await consumer.fetch({ max: 3, wait: 5_000, linger: 500, signal });
  return found.map(({ messageId }) => messageId).toSorted();
}

test('a server that goes away while a consumer is made anew is one to wait for', async () => {
  const { names } = await stocked();
  await dieHalfWay(names);
  const away = {
    ...manager,
    streams: manager.streams,
    consumers: { add: () => Promise.reject(new errors.TimeoutError()) },
  };
  await expect(finishRemaking(away as unknown as typeof manager, names.consume)).rejects.toMatchObject({
    code: 'QUEUE_UNAVAILABLE',
    message: expect.stringContaining(names.consume.durable),
  });
});

test('a start after a process died while it made its consumer anew is no difference, and ends what it began', async () => {
  const { names, sent } = await stocked();
  await dieHalfWay(names);
  expect(await queue.differences(names.plan)).toEqual([]);
  const consumer = await queue.consumer(names.consume);
  onTestFinished(() => consumer.close());
  expect(await idsOf(consumer)).toEqual(sent);
  expect((await manager.streams.info(names.stream.name)).config.description).toBe(OURS);
});

test('another process that consumes meanwhile ends what was begun, and goes on', async () => {
  const { names, sent } = await stocked();
  const consumer = await queue.consumer(names.consume);
  onTestFinished(() => consumer.close());
  await dieHalfWay(names);
  const found = await until('the messages', async () => {
    const ids = await idsOf(consumer).catch((error: unknown) => {
      if (!(error instanceof Failure) || error.code !== 'QUEUE_UNAVAILABLE') throw error;
      return [];
    });
    return ids.length > 0 ? ids : undefined;
  });
  expect(found).toEqual(sent);
  expect((await manager.streams.info(names.stream.name)).config.description).toBe(OURS);
});

test('a consumer that was made anew delivers what its stream holds, and leaves no note behind', async () => {
  const { names, sent } = await stocked();
  await remakeConsumer(manager, names.consume);
  const consumer = await queue.consumer(names.consume);
  onTestFinished(() => consumer.close());
  expect(await idsOf(consumer)).toEqual(sent);
  expect((await manager.streams.info(names.stream.name)).config.description).toBe(OURS);
});

test('a consumer that somebody else deleted stays a difference', async () => {
  const { names } = await stocked();
  await remakeConsumer(manager, names.consume);
  await manager.consumers.delete(names.stream.name, names.consume.durable);
  expect(await queue.differences(names.plan)).toMatchObject([{ code: 'NOM903', found: 'does not exist' }]);
  await expect(queue.consumer(names.consume)).rejects.toMatchObject({ code: 'QUEUE_MISCONFIGURED' });
});
