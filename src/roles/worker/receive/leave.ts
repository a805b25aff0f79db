import type { Failure } from '../../../ports/failure.ts';
import type { Delivery } from '../../../ports/queue.ts';
import { delayAfter } from '../../../ports/retry.ts';
import type { Writing } from '../write/writing.ts';
import type { Receiving } from './receiving.ts';
import { withRetries } from '../fail/with-retries.ts';
import type { MessageLease } from './message-lease.ts';

/** Milliseconds until a message that was left comes again, where a newer worker runs that may get it instead. */
const SOON = { from: 500, to: 500 };
/** Where none runs yet; grows with each delivery. */
const LATER = { from: 1_000, to: 15_000 };
/** Milliseconds for which what is known of programs serves, where one is not among them. */
const KNOWN_FOR = 1_000;

/**
 * Gives back to the queue what only a newer program may judge: a message that it accepted under other rules, or of an
 * entity that is not known here. That is no failure of the message and no attempt. Gives the others, in their order;
 * undefined where the worker stops.
 *
 * A message is of this program, or its entity has the same rules in both → worked
 *           of an older program → worked; what does not fit becomes a dead letter that says so (program-age.ts)
 *           of a newer or unregistered program → left
 *           of no named program: worked, but an unknown entity is left while a newer program is active
 */
export async function leaveToNewer(
  context: Receiving,
  lease: MessageLease,
  deliveries: readonly Delivery[],
): Promise<readonly Delivery[] | undefined> {
  const { plan, programs, order } = context;
  if (!order.hasBarriers() && deliveries.every(({ program }) => program === plan.program)) return deliveries;
  const strangers = deliveries.filter(({ program }) => program !== undefined && !programs.knows(program));
  if (strangers.length > 0 && !(await refreshed(context, lease, KNOWN_FOR))) return undefined;
  // What would be final is decided by what is known at this moment: an older program may be active again.
  if (deliveries.some((delivery) => isFinal(context, delivery)) && !(await refreshed(context, lease)))
    return undefined;
  const worked: Delivery[] = [];
  const left: Delivery[] = [];
  for (const delivery of deliveries) {
    if (isLeft(context, delivery) || order.isBarred(delivery)) {
      context.notes.left(delivery);
      if (order.mayOvertake) left.push(delivery);
      // Each is held before the next one is looked at.
      else if (order.leave(delivery, context.evaluate(delivery))) await giveBack(context, lease, [delivery]);
    } else {
      order.pass(delivery);
      worked.push(delivery);
    }
  }
  await giveBack(context, lease, left);
  return worked;
}

/**
 * Leaves a message that Postgres refused to newer workers where this program is no longer the active one: the table may
 * have changed under it. Gives whether it did; undefined where the worker stops.
 */
export async function leaveRefused(
  context: Writing,
  lease: MessageLease,
  delivery: Delivery,
  failure: Failure,
): Promise<boolean | undefined> {
  if (!(await refreshed(context, lease))) return undefined;
  if (!context.programs.outdated()) return false;
  context.notes.left(delivery, failure.sql?.sqlstate);
  await giveBack(context, lease, [delivery]);
  return true;
}

async function refreshed(context: Writing, lease: MessageLease, age = 0): Promise<boolean> {
  const { kind } = await withRetries(context, () => context.programs.refresh(age), {
    worthwhile: () => !lease.lapsed(),
  });
  return kind === 'done';
}

/** Whether the message would become a dead letter because of the program that it came from. */
function isFinal(context: Receiving, delivery: Delivery): boolean {
  const { kind } = context.programs.standingOf(delivery);
  if (kind === 'unnamed') return !isKnown(context, delivery);
  return kind === 'older' && context.evaluate(delivery).kind === 'failed';
}

function isLeft(context: Receiving, delivery: Delivery): boolean {
  const { programs } = context;
  const { kind } = programs.standingOf(delivery);
  return kind === 'newer' || (kind === 'unnamed' && programs.outdated() && !isKnown(context, delivery));
}

function isKnown({ plan }: Receiving, { entity }: Delivery): boolean {
  return plan.entities.some(({ name }) => name === entity);
}

async function giveBack(
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
