import { setTimeout as passed } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Consumer, Delivery, Outgoing, Queue } from '../../src/ports/queue.ts';
import { openTcpProxy, through } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
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
    expect(consumer.interrupted()).toBe(true);
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

  const request = (max: number, wait = 2_000) => ({
    max,
    wait,
    linger: 0,
    signal: new AbortController().signal,
  });

  /** As a lane does: what an interrupted consumer gave is forgotten, and comes again. */
  async function fetchWhile(
    consumer: Consumer,
    missing: (all: readonly Delivery[]) => number,
  ): Promise<Delivery[]> {
    const all: Delivery[] = [];
    while (missing(all) > 0) {
      try {
        if (consumer.interrupted()) {
          all.length = 0;
          await consumer.restart();
        }
        all.push(...(await consumer.fetch(request(missing(all)))));
      } catch {
        // The line comes back by itself.
        await passed(50);
      }
    }
    return all;
  }

  const fetchAll = (consumer: Consumer, count: number) => fetchWhile(consumer, (all) => count - all.length);
  const fetchUpTo = (consumer: Consumer, last: string | undefined) =>
    fetchWhile(consumer, (all) => (all.some(({ messageId }) => messageId === last) ? 0 : 100));

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
    const later = numbered(plan, 3);
    const fetched = fetchUpTo(consumer, later.at(-1)?.messageId);
    // The request has arrived, its answer has not.
    await passed(450);
    await proxy.cut();
    proxy.slow(0);
    await queue.publisher().publish(later);
    await proxy.restore();
    const ids = idsOf(await fetched);
    expect(ids).toEqual(idsOf([...sent, ...later]).slice(-ids.length));
    expect(ids.length).toBeGreaterThanOrEqual(11);
  });

  test('what comes later keeps its place behind what was taken back', async () => {
    const { plan, queue, sent, consumer } = await setUp(5);
    await fetchAll(consumer, 5);
    const later = numbered(plan, 5);
    await queue.publisher().publish(later);
    await consumer.restart();
    expect(idsOf(await fetchAll(consumer, 10))).toEqual(idsOf([...sent, ...later]));
  });

  test('a fetch of a holder of before that comes late takes nothing from the new one', async () => {
    const { plan, sent, consumer } = await setUp(12);
    expect(idsOf(await fetchAll(consumer, 2))).toEqual(idsOf(sent.slice(0, 2)));
    const next = await openConsumer(plan);
    await next.restart();
    expect(idsOf(await next.fetch(request(4)))).toEqual(idsOf(sent.slice(0, 4)));
    expect(await consumer.fetch(request(4, 200))).toEqual([]);
    expect(consumer.interrupted()).toBe(true);
    expect(idsOf(await next.fetch(request(4)))).toEqual(idsOf(sent.slice(4, 8)));
    expect(next.interrupted()).toBe(false);
  });

  test('a restart of a holder of before that comes late interrupts the new one, which gives nothing out of order', async () => {
    const { plan, sent, consumer } = await setUp(12);
    const next = await openConsumer(plan);
    await next.restart();
    const first = await next.fetch(request(4));
    expect(idsOf(first)).toEqual(idsOf(sent.slice(0, 4)));
    await next.ack(first);
    await until('the acknowledgements', async () => (await next.pending()) === 8);
    await consumer.restart();
    // As many as the new holder had: a count of deliveries alone would not tell the two apart.
    const late = await consumer.fetch(request(4));
    expect(idsOf(late)).toEqual(idsOf(sent.slice(4, 8)));
    while (!next.interrupted()) expect(await next.fetch(request(4, 200))).toEqual([]);
    await next.restart();
    await consumer.retry(late, 1);
    for (let from = 4; from < 12; from += 2) {
      const two = await next.fetch(request(2));
      expect(idsOf(two)).toEqual(idsOf(sent.slice(from, from + 2)));
    }
  });

  test('an acknowledgement of a holder of before that comes late lets no message be passed over', async () => {
    const { plan, sent, consumer } = await setUp(12);
    const before = await fetchAll(consumer, 8);
    const next = await openConsumer(plan);
    await next.restart();
    expect(idsOf(await next.fetch(request(2)))).toEqual(idsOf(sent.slice(0, 2)));
    await consumer.ack(before.slice(7));
    await consumer.pending();
    // The eighth is acknowledged, and may come or not.
    const rest = await fetchUpTo(next, sent.at(-1)?.messageId);
    const isEighth = (id: string) => id === sent[7]?.messageId;
    expect(idsOf(rest).filter((id) => !isEighth(id))).toEqual(
      idsOf(sent.slice(2)).filter((id) => !isEighth(id)),
    );
  });
}
