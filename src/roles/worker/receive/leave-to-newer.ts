import type { Delivery } from '../../../ports/queue.ts';
import { leave, refreshPrograms } from '../write/leave.ts';
import type { Receiving } from './receiving.ts';
import type { MessageLease } from '../message-lease.ts';

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
  if (strangers.length > 0 && !(await refreshPrograms(context, lease, KNOWN_FOR))) return undefined;
  // What would be final is decided by what is known at this moment: an older program may be active again.
  if (deliveries.some((delivery) => isFinal(context, delivery)) && !(await refreshPrograms(context, lease)))
    return undefined;
  const worked: Delivery[] = [];
  const left: Delivery[] = [];
  for (const delivery of deliveries) {
    if (isLeft(context, delivery) || order.isBarred(delivery)) {
      context.notes.left(delivery);
      if (order.mayOvertake) left.push(delivery);
      // Each is held before the next one is looked at.
      else if (order.leave(delivery, context.evaluate(delivery))) await leave(context, lease, [delivery]);
    } else {
      order.pass(delivery);
      worked.push(delivery);
    }
  }
  await leave(context, lease, left);
  return worked;
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
