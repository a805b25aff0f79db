import type { Failure } from '../../../ports/failure.ts';
import type { Delivery } from '../../../ports/queue.ts';
import { delayAfter } from '../../../ports/retry.ts';
import type { Context } from '../context.ts';
import { withRetries } from '../fail/with-retries.ts';
import type { Holds } from './holds.ts';
import type { Lease } from './lease.ts';

/** Milliseconds until a message that was left comes again, where a newer worker runs that may get it instead. */
const SOON = { from: 500, to: 500 };
/** Where none runs yet; grows with each delivery. */
const LATER = { from: 1_000, to: 15_000 };
/** Milliseconds for which what is known of programs serves, where one is not among them. */
const KNOWN_FOR = 1_000;

/**
 * By lease of a partition: the messages that were left and whose order key only their own program knows, by entity.
 * While there is one, what comes behind it of its entity is left too.
 */
const BARRIERS = new WeakMap<Lease, Map<string, Set<string>>>();

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
  context: Context,
  lease: Lease,
  deliveries: readonly Delivery[],
): Promise<readonly Delivery[] | undefined> {
  const { plan, programs } = context;
  if (!BARRIERS.has(lease) && deliveries.every(({ program }) => program === plan.program)) return deliveries;
  const strangers = deliveries.filter(({ program }) => program !== undefined && !programs.knows(program));
  if (strangers.length > 0 && !(await refreshed(context, lease, KNOWN_FOR))) return undefined;
  // What would be final is decided by what is known at this moment: an older program may be active again.
  if (deliveries.some((delivery) => isFinal(context, delivery)) && !(await refreshed(context, lease)))
    return undefined;
  const worked: Delivery[] = [];
  const left: Delivery[] = [];
  for (const delivery of deliveries) {
    if (isLeft(context, delivery) || isBarred(lease, delivery)) {
      context.notes.left(delivery);
      if (context.holds === undefined) left.push(delivery);
      else if (mustHold(context.holds, context, lease, delivery)) await giveBack(context, lease, [delivery]);
    } else {
      BARRIERS.get(lease)?.get(delivery.entity)?.delete(delivery.messageId);
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
  context: Context,
  lease: Lease,
  delivery: Delivery,
  failure: Failure,
): Promise<boolean | undefined> {
  if (!(await refreshed(context, lease))) return undefined;
  if (!context.programs.outdated()) return false;
  context.notes.left(delivery, failure.sql?.sqlstate);
  await giveBack(context, lease, [delivery]);
  return true;
}

async function refreshed(context: Context, lease: Lease, age = 0): Promise<boolean> {
  const { kind } = await withRetries(context, () => context.programs.refresh(age), {
    worthwhile: () => !lease.lapsed(),
  });
  return kind === 'done';
}

/** Whether the message would become a dead letter because of the program that it came from. */
function isFinal(context: Context, delivery: Delivery): boolean {
  const { kind } = context.programs.standingOf(delivery);
  if (kind === 'unnamed') return !isKnown(context, delivery);
  return kind === 'older' && context.evaluate(delivery).kind === 'failed';
}

function isLeft(context: Context, delivery: Delivery): boolean {
  const { programs } = context;
  const { kind } = programs.standingOf(delivery);
  return kind === 'newer' || (kind === 'unnamed' && programs.outdated() && !isKnown(context, delivery));
}

function isKnown({ plan }: Context, { entity }: Delivery): boolean {
  return plan.entities.some(({ name }) => name === entity);
}

function isBarred(lease: Lease, { entity, messageId }: Delivery): boolean {
  const barrier = BARRIERS.get(lease)?.get(entity);
  return barrier !== undefined && barrier.size > 0 && !barrier.has(messageId);
}

/**
 * Whether the key of a message in a partition is to be held; else it waits behind an earlier message of its key already.
 * Each is held before the next one is looked at.
 */
function mustHold(holds: Holds, { evaluate }: Context, lease: Lease, delivery: Delivery): boolean {
  const outcome = evaluate(delivery);
  if (outcome.kind === 'message') return holds.free([outcome]).length > 0;
  const byEntity = BARRIERS.get(lease) ?? new Map<string, Set<string>>();
  BARRIERS.set(lease, byEntity);
  const barrier = byEntity.get(delivery.entity) ?? new Set();
  byEntity.set(delivery.entity, barrier.add(delivery.messageId));
  return true;
}

async function giveBack({ programs }: Context, lease: Lease, left: readonly Delivery[]): Promise<void> {
  const soon = programs.newerWorkers();
  const byDelay = Map.groupBy(left, ({ deliveries }) =>
    soon ? delayAfter(1, SOON) : delayAfter(deliveries, LATER),
  );
  for (const [delay, deliveries] of byDelay) await lease.retry(deliveries, delay);
}
