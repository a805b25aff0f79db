import type { LimitFunction } from 'p-limit';
import type { ConsumePlan } from '../../../plan/plan.ts';
import type { Consumer, Queue } from '../../../ports/queue.ts';
import { withRetries } from '../fail/with-retries.ts';
import { workBatch } from './batch.ts';
import { eachIdOnce, fetch, type Lane, runLane } from './lane.ts';
import { leaseMessages, type MessageLease } from '../message-lease.ts';
import type { Receiving } from './receiving.ts';

/** What the lanes of one consumer share. */
export interface Lanes {
  readonly queue: Queue;
  readonly consume: ConsumePlan;
  /** Batches are fetched one after the other, so that the order in which they come is the order of arrival. */
  readonly fetching: LimitFunction;
  readonly leases: Set<MessageLease>;
}

/**
 * Works messages in any order: fetch → work → fetch. There are as many lanes as batches in flight; each has a handle of its
 * own on the consumer. Rejects only with a bug.
 */
export async function runFreeLane(context: Receiving, lanes: Lanes): Promise<void> {
  const opened = await withRetries(context, () => lanes.queue.consumer(lanes.consume));
  if (opened.kind === 'fault') throw opened.failure;
  if (opened.kind === 'done') await runLane(context, freeLane(context, opened.value, lanes));
}

function freeLane(context: Receiving, consumer: Consumer, { consume, fetching, leases }: Lanes): Lane {
  const { signal, clock, log } = context;
  return {
    async workNext(max) {
      const fetched = await fetch(
        context,
        (request) => fetching(async () => (signal.aborted ? [] : consumer.fetch(request))),
        { max },
      );
      if (fetched.kind === 'fault') throw fetched.failure;
      if (fetched.kind === 'abandoned' || fetched.value.length === 0) return 0;
      const deliveries = eachIdOnce(fetched.value);
      const lease = leaseMessages({ consumer, deliveries, ackWait: consume.ackWait, clock, log });
      leases.add(lease);
      try {
        if (!signal.aborted) await workBatch(context, lease, deliveries);
      } finally {
        leases.delete(lease);
        await lease.end();
      }
      return fetched.value.length;
    },
    lost: () => false,
    close: () => consumer.close(),
  };
}
