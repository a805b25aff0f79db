import type { LimitFunction } from 'p-limit';
import type { ConsumePlan } from '../../../plan/plan.ts';
import type { Consumer, Delivery, Queue } from '../../../ports/queue.ts';
import { withRetries } from '../fail/with-retries.ts';
import { workBatch } from './batch.ts';
import { newHolds } from './holds.ts';
import { fetch, FETCH_WAIT, type Lane, runLane } from './lane.ts';
import { leaseMessages, type MessageLease } from '../message-lease.ts';
import { orderedByKey } from './ordered-by-key.ts';
import type { Receiving } from './receiving.ts';

/** A partition that this worker has, and what its lane needs. */
export interface Partition {
  readonly queue: Queue;
  readonly consume: ConsumePlan;
  readonly leases: Set<MessageLease>;
  /** The batches in flight that the lanes of all partitions share. */
  readonly slots: LimitFunction;
  /** Whether another worker may have the partition by now. */
  readonly lost: () => boolean;
  /** How many holders ended without a word since a batch was last done. */
  readonly takeovers: number;
  /** Called once, after the first batch that was done. */
  readonly onProgress: () => Promise<void>;
}

/**
 * Works the messages of one partition, one batch at a time and in the order of the stream, until the context's signal.
 * Its store is fenced.
 *
 * restart → fetch → work → fetch …
 *         → work was given up, something is out that is neither settled nor held back, or the queue is interrupted → restart
 * A restart forgets all that the lane has: it comes again, and what came twice would be worked twice in one transaction.
 * What fails by its own fault and may recover is held back, with what comes behind it in its order key; the rest goes on.
 */
export async function runOrderedLane(context: Receiving, partition: Partition): Promise<void> {
  const { queue, consume, lost } = partition;
  const opened = await withRetries(context, () => queue.consumer(consume), { worthwhile: () => !lost() });
  if (opened.kind === 'fault') throw opened.failure;
  if (opened.kind === 'done') await runLane(context, orderedLane(context, opened.value, partition));
}

function orderedLane(base: Receiving, consumer: Consumer, partition: Partition): Lane {
  const { consume, leases, slots, lost } = partition;
  const { signal, clock, log } = base;
  const holds = newHolds(() => clock.now());
  const order = orderedByKey(holds);
  const context: Receiving = { ...base, order };
  const limits = { worthwhile: () => !lost() };
  let takeovers = partition.takeovers;
  let lease: MessageLease | undefined;

  /** Everything that is out comes again, under a new lease; none where the lane ends. */
  const restart = async (): Promise<MessageLease | undefined> => {
    const restarted = await withRetries(context, () => consumer.restart(), limits);
    if (restarted.kind === 'fault') throw restarted.failure;
    if (restarted.kind === 'abandoned') return undefined;
    const plain = leaseMessages({ consumer, deliveries: [], ackWait: consume.ackWait, clock, log });
    const ordered: MessageLease = {
      ...plain,
      retry: async (again, delay) => {
        for (const delivery of again) holds.hold(delivery, clock.now() + delay);
      },
      lapsed: () => lost() || plain.lapsed(),
    };
    leases.add(ordered);
    return ordered;
  };

  const giveUp = async (): Promise<void> => {
    if (lease === undefined) return;
    leases.delete(lease);
    order.clear();
    await lease.end();
    lease = undefined;
  };

  /** What is due again, else what the queue has; undefined where the lane ends. */
  const next = async (max: number): Promise<readonly Delivery[] | undefined> => {
    const now = clock.now();
    const due = holds.due(now);
    if (due.length > 0) return due;
    const wait = Math.min(FETCH_WAIT, Math.max(1, (holds.nextDue() ?? Infinity) - now));
    if (holds.size() >= consume.maxAckPending) {
      await clock.sleep(wait, signal);
      return [];
    }
    const fetched = await fetch(context, (request) => consumer.fetch(request), { max, wait }, limits);
    if (fetched.kind === 'fault') throw fetched.failure;
    if (fetched.kind === 'abandoned') return undefined;
    // A consumer that was made anew has forgotten how often it delivered a message before.
    return fetched.value.map((delivery) => ({ ...delivery, deliveries: takeovers + 1 }));
  };

  /** Whether each is settled or held back afterwards; what stands behind one that is neither stays unworked. */
  const work = async (held: MessageLease, deliveries: readonly Delivery[]): Promise<boolean> => {
    for (const run of runsOf(deliveries)) {
      await slots(async () => {
        if (!signal.aborted && !held.lapsed()) await workBatch(context, held, run);
      });
      if (run.some((delivery) => held.holds(delivery) && !holds.has(delivery))) return false;
    }
    return true;
  };

  return {
    async workNext(max) {
      if (consumer.interrupted()) await giveUp();
      const held = (lease ??= await restart());
      const deliveries = held === undefined ? undefined : await next(max);
      if (held === undefined || deliveries === undefined) return undefined;
      if (deliveries.length === 0) return 0;
      held.add(deliveries);
      if (!(await work(held, deliveries))) {
        await giveUp();
      } else if (takeovers > 0) {
        takeovers = 0;
        await partition.onProgress();
      }
      return deliveries.length;
    },
    lost,
    async close() {
      await giveUp();
      await consumer.close();
    },
  };
}

/**
 * Cuts deliveries, in their order, so that no part has an id twice: a message may be stored twice, or once more as its replay, and
 * while its key is held back both wait here. A batch works each id once, so the second is worked after the first.
 */
function runsOf(deliveries: readonly Delivery[]): readonly (readonly Delivery[])[] {
  const runs: Delivery[][] = [];
  let ids = new Set<string>();
  for (const delivery of deliveries) {
    if (runs.length === 0 || ids.has(delivery.messageId)) {
      runs.push([]);
      ids = new Set();
    }
    ids.add(delivery.messageId);
    runs.at(-1)?.push(delivery);
  }
  return runs;
}
