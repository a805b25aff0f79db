import type { ConsumePlan } from '../../plan/plan.ts';
import type { Consumer, Delivery, Queue } from '../../ports/queue.ts';
import { workBatch } from './batch.ts';
import type { Context } from './context.ts';
import { endure } from './endure.ts';
import { holdLease, type Lease } from './lease.ts';
import type { OneAtATime } from './one-at-a-time.ts';

/** Milliseconds that one fetch waits for a first message. */
const FETCH_WAIT = 5_000;
/** Milliseconds between looks at whether the others still wait for something outside. */
const HELD_BACK = 250;
/** No message can be at fault for a failed fetch. */
const PATIENT = { unknownTries: Infinity };

/** What the lanes of one consumer share. */
export interface Lanes {
  readonly queue: Queue;
  readonly consume: ConsumePlan;
  /** Batches are fetched one after the other, so that the order in which they come is the order of arrival. */
  readonly fetching: OneAtATime;
  readonly leases: Set<Lease>;
}

/**
 * One batch after the other until the worker stops: fetch → work → fetch. As many lanes as there are batches in flight;
 * each has a handle of its own on the consumer. Rejects only with a bug.
 */
export async function runLane(context: Context, lanes: Lanes): Promise<void> {
  const { queue, consume } = lanes;
  const { signal, pauses, clock } = context;
  const opened = await endure(context, () => queue.consumer(consume), PATIENT);
  if (opened.kind === 'fault') throw opened.failure;
  if (opened.kind === 'abandoned') return;
  const consumer = opened.value;
  try {
    while (!signal.aborted) {
      if (pauses.reason() !== undefined) {
        await clock.sleep(HELD_BACK, signal);
        continue;
      }
      await fetchAndWork(context, consumer, lanes);
    }
  } finally {
    await consumer.close();
  }
}

async function fetchAndWork(
  context: Context,
  consumer: Consumer,
  { consume, fetching, leases }: Lanes,
): Promise<void> {
  const { signal, clock, log, role } = context;
  const request = { max: role.settings.batch, wait: FETCH_WAIT, linger: role.settings.linger, signal };
  const fetched = await endure(
    context,
    () => fetching(async () => (signal.aborted ? [] : consumer.fetch(request))),
    PATIENT,
  );
  if (fetched.kind === 'fault') throw fetched.failure;
  if (fetched.kind === 'abandoned' || fetched.value.length === 0) return;
  const deliveries = eachIdOnce(fetched.value);
  const lease = holdLease({ consumer, deliveries, ackWait: consume.ackWait, clock, log });
  leases.add(lease);
  try {
    if (!signal.aborted) await workBatch(context, lease, deliveries);
  } finally {
    leases.delete(lease);
    await lease.end();
  }
}

/**
 * Of several deliveries of one message, the first with the highest generation. The others are left alone: an
 * acknowledgement might be one of the same stored message. They come again, and are then found settled.
 */
function eachIdOnce(deliveries: readonly Delivery[]): readonly Delivery[] {
  const chosen = new Map<string, Delivery>();
  for (const delivery of deliveries) {
    const known = chosen.get(delivery.messageId);
    if (known === undefined || known.generation < delivery.generation)
      chosen.set(delivery.messageId, delivery);
  }
  return chosen.size === deliveries.length
    ? deliveries
    : deliveries.filter((delivery) => chosen.get(delivery.messageId) === delivery);
}
