import type { LimitFunction } from 'p-limit';
import type { ConsumePlan } from '../../../plan/plan.ts';
import type { Consumer, Delivery, FetchRequest, Queue } from '../../../ports/queue.ts';
import { workBatch } from './batch.ts';
import type { Context } from '../context.ts';
import { withRetries, type RetryOutcome, type RetryLimits } from '../fail/with-retries.ts';
import { holdLease, type Lease } from './lease.ts';

/** Milliseconds that one fetch waits for a first message. */
export const FETCH_WAIT = 5_000;
/** Milliseconds between looks at whether the others still wait for something outside. */
export const HELD_BACK = 250;
/** Milliseconds between looks at whether it is a lane's turn, while a table is sick. */
export const NO_TURN = 25;

/** What the lanes of one consumer share. */
export interface Lanes {
  readonly queue: Queue;
  readonly consume: ConsumePlan;
  /** Batches are fetched one after the other, so that the order in which they come is the order of arrival. */
  readonly fetching: LimitFunction;
  readonly leases: Set<Lease>;
}

/**
 * One batch after the other until the worker stops: fetch → work → fetch. As many lanes as there are batches in flight;
 * each has a handle of its own on the consumer. Rejects only with a bug.
 */
export async function runLane(context: Context, lanes: Lanes): Promise<void> {
  const { queue, consume } = lanes;
  const { signal, pauses, clock, evidence } = context;
  const opened = await withRetries(context, () => queue.consumer(consume));
  if (opened.kind === 'fault') throw opened.failure;
  if (opened.kind === 'abandoned') return;
  const consumer = opened.value;
  try {
    while (!signal.aborted) {
      const turn = pauses.holdsBack() ? undefined : evidence.turn();
      if (turn === undefined) {
        await clock.sleep(pauses.holdsBack() ? HELD_BACK : NO_TURN, signal);
        continue;
      }
      let fetched = 0;
      try {
        fetched = await fetchAndWork(context, consumer, lanes, turn.max);
      } finally {
        turn.end(fetched >= Math.min(turn.max, context.role.settings.batch));
      }
    }
  } finally {
    await consumer.close();
  }
}

/** Gives how many messages came. */
async function fetchAndWork(
  context: Context,
  consumer: Consumer,
  { consume, fetching, leases }: Lanes,
  max: number,
): Promise<number> {
  const { signal, clock, log } = context;
  const fetched = await fetch(
    context,
    (request) => fetching(async () => (signal.aborted ? [] : consumer.fetch(request))),
    { max },
  );
  if (fetched.kind === 'fault') throw fetched.failure;
  if (fetched.kind === 'abandoned' || fetched.value.length === 0) return 0;
  const deliveries = eachIdOnce(fetched.value);
  const lease = holdLease({ consumer, deliveries, ackWait: consume.ackWait, clock, log });
  leases.add(lease);
  try {
    if (!signal.aborted) await workBatch(context, lease, deliveries);
  } finally {
    leases.delete(lease);
    await lease.end();
  }
  return fetched.value.length;
}

/**
 * Fetches until that succeeds. A second try waits for messages only shortly: until it resolves, nobody knows that the
 * queue is back, and the other lanes hold back.
 */
export function fetch(
  context: Context,
  fetchFrom: (request: FetchRequest) => Promise<readonly Delivery[]>,
  { max: most, wait = FETCH_WAIT }: { readonly max: number; readonly wait?: number },
  limits: RetryLimits = {},
): Promise<RetryOutcome<readonly Delivery[]>> {
  const { signal, role } = context;
  const { batch, linger } = role.settings;
  const max = Math.min(batch, most);
  let tries = 0;
  return withRetries(
    context,
    () => {
      tries += 1;
      return fetchFrom({ max, wait: tries === 1 ? wait : Math.min(wait, HELD_BACK), linger, signal });
    },
    limits,
  );
}

/**
 * Of several deliveries of one message, the first with the highest generation. The others are left alone: an
 * acknowledgement might be one of the same stored message. They come again, and are then found settled.
 */
export function eachIdOnce(deliveries: readonly Delivery[]): readonly Delivery[] {
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
