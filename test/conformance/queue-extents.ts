import { expect, onTestFinished, test } from 'vitest';
import type { Consumer, Delivery, Outgoing } from '../../src/ports/queue.ts';
import { until } from '../support/until.ts';
import type { QueueAdapter } from './queue-fixture.ts';
import { message, messages, queuePlan, type QueuePlanChanges } from './queue-plan.ts';

/** What the `Queue` port tells of its streams, for one adapter. */
export function extentConformance({ url, open }: QueueAdapter): void {
  async function setUp(changes: QueuePlanChanges = {}) {
    const plan = queuePlan(changes);
    const queue = await open(url);
    onTestFinished(() => queue.close());
    await queue.apply(plan.plan);
    const consumer = await queue.consumer(plan.consume);
    onTestFinished(() => consumer.close());
    return { plan, queue, consumer, publish: (...sent: Outgoing[]) => queue.publisher().publish(sent) };
  }

  async function fetchAll(consumer: Consumer, count: number): Promise<Delivery[]> {
    const all: Delivery[] = [];
    const { signal } = new AbortController();
    while (all.length < count) {
      const some = await consumer.fetch({ max: count - all.length, wait: 5_000, linger: 0, signal });
      expect(some.length, `messages after ${all.length} of ${count}`).toBeGreaterThan(0);
      all.push(...some);
    }
    return all;
  }

  test('an extent tells how far the stream reaches and where its oldest message is that is not acknowledged', async () => {
    const { plan, queue, consumer, publish } = await setUp();
    const extent = async () => (await queue.extents(plan.plan))[0];
    const empty = await extent();
    expect(empty).toMatchObject({ stream: plan.stream.name, floor: undefined });
    // What no consumer of the plan wants holds nothing up.
    await publish(message(plan, { subject: plan.otherSubject }), ...messages(plan, 3));
    const full = await extent();
    expect(full?.identity).toBe(empty?.identity);
    expect(full?.end).toBeGreaterThan(empty?.end ?? Infinity);
    const floor = full?.floor ?? 0;
    expect(floor).toBeGreaterThan(empty?.end ?? Infinity);
    expect(floor).toBeLessThanOrEqual(full?.end ?? 0);
    const held = await fetchAll(consumer, 3);
    expect((await extent())?.floor).toBe(floor);
    await consumer.ack(held.slice(1));
    await until('the others to be done', async () => (await consumer.pending()) === 1);
    await consumer.retry(held.slice(0, 1), 60_000);
    expect((await extent())?.floor).toBe(floor);
    await publish(message(plan));
    await consumer.ack(await fetchAll(consumer, 1));
    expect((await extent())?.floor).toBe(floor);
    const last = message(plan);
    await publish(last);
    expect(await extent()).toMatchObject({ floor, identity: full?.identity });
  });

  test('a queue that takes messages has no obstacle; one without the stream, or with other subjects, says which', async () => {
    const { plan, queue, publish } = await setUp({ stream: { maxBytes: 64 * 1024 } });
    const [role] = plan.plan.roles;
    if (role === undefined) throw new Error('the plan has a role');
    const publishing = (stream: string, template: string) => ({
      ...plan.plan,
      roles: [{ ...role, publishes: [{ stream, template }] }],
    });
    const { name } = plan.stream;
    const template = plan.subject('{entity}');
    expect(await queue.obstacle(publishing(name, template))).toBeUndefined();
    expect(await queue.obstacle(publishing(`${name}X`, template))).toContain(`${name}X does not exist`);
    expect(await queue.obstacle(publishing(name, 'elsewhere.{entity}'))).toContain(
      'does not capture elsewhere.',
    );
    await until('the stream to be full', async () => {
      const outcomes = await publish(...Array.from({ length: 200 }, () => message(plan)));
      return outcomes.some(({ kind }) => kind === 'full');
    });
    expect(await queue.obstacle(publishing(name, template))).toContain('full');
  });
}
