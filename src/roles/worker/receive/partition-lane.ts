import type { LimitFunction } from 'p-limit';
import type { ConsumePlan } from '../../../plan/plan.ts';
import type { Delivery, Queue } from '../../../ports/queue.ts';
import { workBatch } from './batch.ts';
import type { Context } from '../context.ts';
import { withRetries } from '../fail/with-retries.ts';
import { newHolds } from './holds.ts';
import { eachIdOnce, fetch, FETCH_WAIT, HELD_BACK, NO_TURN } from './lane.ts';
import { holdLease, type Lease } from './lease.ts';

/** A partition that this worker has, and what its lane needs. */
export interface PartitionLane {
  readonly queue: Queue;
  readonly consume: ConsumePlan;
  readonly leases: Set<Lease>;
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
 *         → work was given up, or something is out that is neither settled nor held back → restart
 * What fails by its own fault and may recover is held back, with what comes behind it in its order key; the rest goes on.
 */
export async function runPartitionLane(base: Context, lane: PartitionLane): Promise<void> {
  const { queue, consume, leases, slots, lost } = lane;
  const holds = newHolds();
  const context: Context = { ...base, holds };
  const { signal, pauses, clock, log, evidence } = context;
  const limits = { worthwhile: () => !lost() };
  const opened = await withRetries(context, () => queue.consumer(consume), limits);
  if (opened.kind === 'fault') throw opened.failure;
  if (opened.kind === 'abandoned') return;
  const consumer = opened.value;
  let takeovers = lane.takeovers;
  let lease: Lease | undefined;

  /** Everything that is out comes again, under a new lease; none where the lane ends. */
  const restart = async (): Promise<Lease | undefined> => {
    const restarted = await withRetries(context, () => consumer.restart(), limits);
    if (restarted.kind === 'fault') throw restarted.failure;
    if (restarted.kind === 'abandoned') return undefined;
    const plain = holdLease({ consumer, deliveries: [], ackWait: consume.ackWait, clock, log });
    const ordered: Lease = {
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
    holds.clear();
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
    return eachIdOnce(fetched.value).map((delivery) => ({ ...delivery, deliveries: takeovers + 1 }));
  };

  try {
    while (!signal.aborted && !lost()) {
      const turn = pauses.holdsBack() ? undefined : evidence.turn();
      if (turn === undefined) {
        await clock.sleep(pauses.holdsBack() ? HELD_BACK : NO_TURN, signal);
        continue;
      }
      let full = false;
      try {
        const held = (lease ??= await restart());
        const deliveries = held === undefined ? undefined : await next(turn.max);
        if (held === undefined || deliveries === undefined) return;
        if (deliveries.length === 0) continue;
        full = deliveries.length >= Math.min(turn.max, context.role.settings.batch);
        held.add(deliveries);
        await slots(async () => {
          if (!signal.aborted && !held.lapsed()) await workBatch(context, held, deliveries);
        });
        if (deliveries.some((delivery) => held.holds(delivery) && !holds.has(delivery))) {
          await giveUp();
        } else if (takeovers > 0) {
          takeovers = 0;
          await lane.onProgress();
        }
      } finally {
        turn.end(full);
      }
    }
  } finally {
    await giveUp();
    await consumer.close();
  }
}
