import { setTimeout as passed } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Consumer, Delivery, Outgoing, Queue } from '../../src/ports/queue.ts';
import { openTcpProxy, through } from '../support/tcp-proxy.ts';
import type { QueueAdapter } from './queue-fixture.ts';
import { message, type QueuePlan, queuePlan } from './queue-plan.ts';

/** What a consumer of a partition promises beyond the other consumers, for one adapter. */
export function partitionConformance({ url, open }: QueueAdapter): void {
  async function openQueue(address = url): Promise<Queue> {
    const queue = await open(address);
    onTestFinished(() => queue.close());
    return queue;
  }

  function partitionPlan(id?: string): QueuePlan {
    const base = queuePlan({}, id);
    const [token] = base.consume.filter.split('.');
    const pattern = `${token}.ingest.*.*`;
    return queuePlan(
      {
        stream: {
          subjects: [...base.stream.subjects, { name: 'ingest_ordered', template: pattern, pattern }],
        },
        consume: {
          filter: `${token}.ingest.*.3`,
          // Longer than any test: what comes again does so because its holder changed.
          ackWait: 600_000,
          durable: 'worker_p3',
          partition: { group: 'worker', index: 3, count: 8 },
        },
      },
      token?.slice(1),
    );
  }

  async function openConsumer(plan: QueuePlan, queue?: Queue): Promise<Consumer> {
    const consumer = await (queue ?? (await openQueue())).consumer(plan.consume);
    onTestFinished(() => consumer.close());
    return consumer;
  }

  async function setUp(count: number) {
    const plan = partitionPlan();
    const queue = await openQueue();
    await queue.apply(plan.plan);
    const sent = numbered(plan, count);
    await queue.publisher().publish(sent);
    return { plan, queue, sent, consumer: await openConsumer(plan, queue) };
  }

  const numbered = (plan: QueuePlan, count: number): readonly Outgoing[] =>
    Array.from({ length: count }, () => message(plan, { subject: `${plan.subject('Order')}.3` }));

  const idsOf = (all: readonly { messageId: string }[]) => all.map(({ messageId }) => messageId);

  async function fetchAll(consumer: Consumer, count: number): Promise<Delivery[]> {
    const all: Delivery[] = [];
    while (all.length < count) {
      try {
        const request = {
          max: count - all.length,
          wait: 2_000,
          linger: 0,
          signal: new AbortController().signal,
        };
        all.push(...(await consumer.fetch(request)));
      } catch {
        // The line comes back by itself.
        await passed(50);
      }
    }
    return all;
  }

  test('a new holder begins with the first message that is not acknowledged, in order, at once', async () => {
    const { plan, sent, consumer } = await setUp(20);
    const first = await fetchAll(consumer, 12);
    expect(idsOf(first)).toEqual(idsOf(sent.slice(0, 12)));
    await consumer.ack(first.slice(0, 5));
    await consumer.close();
    const next = await openConsumer(plan);
    await next.restart();
    expect(idsOf(await fetchAll(next, 15))).toEqual(idsOf(sent.slice(5)));
  });

  test('a holder of before who goes on does not disturb the order of the new one', async () => {
    const { plan, sent, consumer } = await setUp(10);
    const stale = await fetchAll(consumer, 6);
    const next = await openConsumer(plan);
    await next.restart();
    await consumer.extend(stale);
    await consumer.retry(stale.slice(3), 10_000);
    const fetched = await fetchAll(next, 10);
    expect(idsOf(fetched)).toEqual(idsOf(sent));
    await next.ack(fetched);
  });

  test('who takes messages away behind the back of another gets them in order, and so does the other', async () => {
    const { plan, sent, consumer } = await setUp(10);
    expect(idsOf(await fetchAll(consumer, 4))).toEqual(idsOf(sent.slice(0, 4)));
    const thief = await openConsumer(plan);
    await thief.restart();
    expect(idsOf(await fetchAll(thief, 3))).toEqual(idsOf(sent.slice(0, 3)));
    await consumer.restart();
    expect(idsOf(await fetchAll(consumer, 10))).toEqual(idsOf(sent));
  });

  test('a delivery that is lost on its way comes before what is behind it', async () => {
    const { plan, queue, sent } = await setUp(10);
    const proxy = await openTcpProxy(url);
    onTestFinished(() => proxy.close());
    const consumer = await openConsumer(plan, await openQueue(through(proxy, url)));
    const first = await fetchAll(consumer, 2);
    await consumer.ack(first.slice(0, 1));
    proxy.slow(300);
    const fetched = fetchAll(consumer, 12);
    // The request has arrived, its answer has not.
    await passed(450);
    await proxy.cut();
    proxy.slow(0);
    const later = numbered(plan, 3);
    await queue.publisher().publish(later);
    await proxy.restore();
    expect(idsOf(await fetched)).toEqual(idsOf([...sent.slice(1), ...later]));
  });

  test('what comes later keeps its place behind what was taken back', async () => {
    const { plan, queue, sent, consumer } = await setUp(5);
    await fetchAll(consumer, 5);
    const later = numbered(plan, 5);
    await queue.publisher().publish(later);
    await consumer.restart();
    expect(idsOf(await fetchAll(consumer, 10))).toEqual(idsOf([...sent, ...later]));
  });
}
