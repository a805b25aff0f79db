import { expect, onTestFinished } from 'vitest';
import type {
  Consumer,
  Delivery,
  FetchRequest,
  Outgoing,
  PublishOutcome,
  Queue,
} from '../../src/ports/queue.ts';
import { type QueuePlan, queuePlan, type QueuePlanChanges } from './queue-plan.ts';

/** What the suite needs of an adapter. */
export interface QueueAdapter {
  /** The server's address, with host and port. */
  readonly url: string;
  /** A queue of its own, as another process would have; closing it closes everything that it opened. */
  open(url: string): Promise<Queue>;
}

const NEVER = new AbortController().signal;

/** Whether the queue knew the message already. */
export function isDuplicate(outcome: PublishOutcome | undefined): boolean {
  return outcome?.kind === 'stored' && outcome.duplicate;
}

/** What the tests of a queue do again and again; everything is closed when a test is over. */
export function queueFixture({ url, open }: QueueAdapter) {
  async function openQueue(through = url): Promise<Queue> {
    const queue = await open(through);
    onTestFinished(() => queue.close());
    return queue;
  }

  /** A stream of its own with its consumer. */
  async function setUp(changes: QueuePlanChanges = {}) {
    const plan = queuePlan(changes);
    const queue = await openQueue();
    await queue.apply(plan.plan);
    const consumer = await openConsumer(queue, plan);
    return { plan, queue, consumer, publish: (...sent: Outgoing[]) => queue.publisher().publish(sent) };
  }

  async function openConsumer(queue: Queue, plan: QueuePlan): Promise<Consumer> {
    const consumer = await queue.consumer(plan.consume);
    onTestFinished(() => consumer.close());
    return consumer;
  }

  function fetch(consumer: Consumer, request: Partial<FetchRequest> = {}): Promise<readonly Delivery[]> {
    return consumer.fetch({ max: 100, wait: 5_000, linger: 0, signal: NEVER, ...request });
  }

  /** Fetches until `count` messages have come. */
  async function fetchAll(consumer: Consumer, count: number, ack = true): Promise<Delivery[]> {
    const all: Delivery[] = [];
    while (all.length < count) {
      const some = await fetch(consumer, { max: count - all.length });
      expect(some.length, `messages after ${all.length} of ${count}`).toBeGreaterThan(0);
      all.push(...some);
      if (ack) await consumer.ack(some);
    }
    return all;
  }

  const nothing = (consumer: Consumer, wait = 300) => fetch(consumer, { wait });

  const idsOf = (all: readonly { messageId: string }[]) => all.map(({ messageId }) => messageId);

  return { openQueue, setUp, openConsumer, fetch, fetchAll, nothing, idsOf };
}
