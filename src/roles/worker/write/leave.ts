import type { Failure } from '../../../ports/failure.ts';
import type { Delivery } from '../../../ports/queue.ts';
import { delayAfter } from '../../../ports/retry.ts';
import { withRetries } from '../fail/with-retries.ts';
import type { MessageLease } from '../message-lease.ts';
import type { Writing } from './writing.ts';

/** Milliseconds until a message that was left comes again, where a newer worker runs that may get it instead. */
const SOON = { from: 500, to: 500 };
/** Where none runs yet; grows with each delivery. */
const LATER = { from: 1_000, to: 15_000 };

/**
 * Leaves messages that Postgres refused to newer workers where this program is no longer the active one: a table may have
 * changed under it. Gives whether it did; undefined where the worker stops.
 */
export async function leaveRefused(
  context: Writing,
  lease: MessageLease,
  refused: readonly { readonly delivery: Delivery; readonly failure: Failure }[],
): Promise<boolean | undefined> {
  if (!(await refreshPrograms(context, lease))) return undefined;
  if (!context.programs.outdated()) return false;
  for (const { delivery, failure } of refused) context.notes.left(delivery, failure.sql?.sqlstate);
  await leave(
    context,
    lease,
    refused.map(({ delivery }) => delivery),
  );
  return true;
}

/** Learns which programs there are, unless that was done in the last `age` milliseconds; false where the worker stops. */
export async function refreshPrograms(context: Writing, lease: MessageLease, age = 0): Promise<boolean> {
  const { kind } = await withRetries(context, () => context.programs.refresh(age), {
    worthwhile: () => !lease.lapsed(),
  });
  return kind === 'done';
}

/** Gives messages back that a newer worker is to get. */
export async function leave(
  { programs }: Writing,
  lease: MessageLease,
  left: readonly Delivery[],
): Promise<void> {
  const soon = programs.newerWorkers();
  const byDelay = Map.groupBy(left, ({ deliveries }) =>
    soon ? delayAfter(1, SOON) : delayAfter(deliveries, LATER),
  );
  for (const [delay, deliveries] of byDelay) await lease.retry(deliveries, delay);
}
