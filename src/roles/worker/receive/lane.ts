import type { RoleSettings } from '../../../plan/plan.ts';
import type { Delivery, FetchRequest } from '../../../ports/queue.ts';
import type { Evidence } from '../fail/evidence.ts';
import { type RetryContext, type RetryLimits, type RetryOutcome, withRetries } from '../fail/with-retries.ts';

/** Milliseconds that one fetch waits for a first message. */
export const FETCH_WAIT = 5_000;
/** Milliseconds between looks at whether the others still wait for something outside. */
const HELD_BACK = 250;
/** Milliseconds between looks at whether it is a lane's turn, while a table is sick. */
const NO_TURN = 25;

/** Takes messages of one consumer, batch by batch: in any order (free-lane.ts), or in that of their keys (ordered-lane.ts). */
export interface Lane {
  /** Fetches and works one batch of at most `max` messages; gives how many came, or undefined where the lane ends. */
  workNext(max: number): Promise<number | undefined>;
  /** Whether somebody else may work its messages by now. */
  lost(): boolean;
  close(): Promise<void>;
}

export interface FetchContext extends RetryContext {
  readonly settings: RoleSettings;
}

export interface LaneContext extends FetchContext {
  readonly evidence: Evidence;
}

/** One batch after the other until the worker stops, or the lane ends. Rejects only with a bug. */
export async function runLane(
  { signal, pauses, clock, evidence, settings }: LaneContext,
  lane: Lane,
): Promise<void> {
  try {
    while (!signal.aborted && !lane.lost()) {
      const turn = pauses.holdsBack() ? undefined : evidence.turn();
      if (turn === undefined) {
        await clock.sleep(pauses.holdsBack() ? HELD_BACK : NO_TURN, signal);
        continue;
      }
      let came: number | undefined = 0;
      try {
        came = await lane.workNext(turn.max);
        if (came === undefined) return;
      } finally {
        turn.end((came ?? 0) >= Math.min(turn.max, settings.batch));
      }
    }
  } finally {
    await lane.close();
  }
}

/**
 * Fetches until that succeeds. A second try waits for messages only shortly: until it resolves, nobody knows that the
 * queue is back, and the other lanes hold back.
 */
export function fetch(
  context: FetchContext,
  fetchFrom: (request: FetchRequest) => Promise<readonly Delivery[]>,
  { max: most, wait = FETCH_WAIT }: { readonly max: number; readonly wait?: number },
  limits: RetryLimits = {},
): Promise<RetryOutcome<readonly Delivery[]>> {
  const { signal, settings } = context;
  const { batch, linger } = settings;
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
