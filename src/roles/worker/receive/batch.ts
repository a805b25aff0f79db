import type { Delivery } from '../../../ports/queue.ts';
import { type MessageError, UNFINISHED } from '../../../ports/ledger-entries.ts';
import { failMessages } from '../fail/fail-messages.ts';
import type { Sifted, Step } from '../order.ts';
import type { Receiving } from './receiving.ts';
import { withRetries } from '../fail/with-retries.ts';
import { entryOf } from '../entry-of.ts';
import { clearNotes, SUSPECT_DELIVERIES } from '../fail/give-back.ts';
import { leaveToNewer } from './leave-to-newer.ts';
import type { MessageLease } from '../message-lease.ts';
import type { Failed, Message } from '../message.ts';
import { settle } from '../write/settle.ts';
import { setApart, workApart } from '../write/work-apart.ts';

/**
 * Works one batch, in the order of arrival, each message id once:
 * delivered → left to newer workers, or suspects apart → evaluated → failed ones recorded → the rest written → acknowledged after COMMIT.
 * What the worker does not get to, because it stops or lost its lease, stays with the lease, whose end gives it back.
 */
export async function workBatch(
  context: Receiving,
  lease: MessageLease,
  deliveries: readonly Delivery[],
): Promise<void> {
  const { telemetry, clock } = context;
  const startedAt = clock.now();
  const redelivered = deliveries.filter((delivery) => delivery.deliveries > 1).length;
  telemetry.record({ kind: 'delivered', messages: deliveries, redelivered });
  await workInOrder(context, lease, deliveries);
  telemetry.record({ kind: 'worked', messages: deliveries, startedAt, ms: clock.now() - startedAt });
}

async function workInOrder(
  context: Receiving,
  lease: MessageLease,
  deliveries: readonly Delivery[],
): Promise<void> {
  const own = await leaveToNewer(context, lease, deliveries);
  const sifted = own === undefined ? undefined : await siftSuspects(context, lease, own);
  if (own === undefined || sifted === undefined) return;
  for (const step of context.order.steps(own, sifted)) {
    if (context.signal.aborted || !(await workStep(context, lease, step))) return;
  }
}

function workStep(context: Receiving, lease: MessageLease, step: Step): Promise<boolean> {
  switch (step.kind) {
    case 'together':
      return workTogether(context, lease, step.deliveries);
    case 'noted':
      return workNoted(context, lease, step.deliveries);
    case 'alone':
      return workAlone(context, lease, step.delivery);
  }
}

async function workTogether(
  context: Receiving,
  lease: MessageLease,
  deliveries: readonly Delivery[],
): Promise<boolean> {
  let begun = 0;
  while (begun < deliveries.length) {
    const some = evaluateSome(context, deliveries.slice(begun));
    begun += some.count;
    if (!(await workEvaluated(context, lease, some))) return false;
  }
  return true;
}

/** Characters of the texts that functions make of messages which are worked at once. */
const MOST_TEXT = 32 * 1024 * 1024;

interface Evaluated {
  readonly evaluated: readonly Message[];
  readonly failed: readonly Failed[];
  /** Deliveries of which they come. */
  readonly count: number;
}

/** Evaluates the first of these, as many as the memory of a worker holds at once: mostly all. */
function evaluateSome({ evaluate }: Receiving, deliveries: readonly Delivery[]): Evaluated {
  const evaluated: Message[] = [];
  const failed: Failed[] = [];
  let text = 0;
  let count = 0;
  for (const delivery of deliveries) {
    const outcome = evaluate(delivery);
    count += 1;
    if (outcome.kind === 'failed') failed.push(outcome);
    else {
      evaluated.push(outcome);
      text += outcome.madeText ?? 0;
      if (text > MOST_TEXT) break;
    }
  }
  return { evaluated, failed, count };
}

async function workEvaluated(
  context: Receiving,
  lease: MessageLease,
  { evaluated, failed }: Evaluated,
): Promise<boolean> {
  const messages = context.order.free(evaluated);
  const place = context.conflictOrder.take(messages);
  try {
    if (failed.length > 0 && !(await failMessages(context, lease, failed))) return false;
    await place.ready;
    const { together, apart } = setApart(context, messages);
    if (!(await settle(context, lease, together))) return false;
    return apart.length === 0 || (await workApart(context, lease, apart));
  } finally {
    place.end();
  }
}

/** Undefined where the worker stops before the ledger answered. */
async function siftSuspects(
  context: Receiving,
  lease: MessageLease,
  deliveries: readonly Delivery[],
): Promise<Sifted | undefined> {
  const often = deliveries.filter(
    (delivery) =>
      delivery.deliveries >= SUSPECT_DELIVERIES && !context.evidence.wasGivenBack(delivery.messageId),
  );
  if (often.length === 0) return { innocent: deliveries, fresh: [], suspects: [] };
  const read = await withRetries(
    context,
    () => context.store.ledger.readOpen(often.map((delivery) => entryOf(context.plan, delivery))),
    { worthwhile: () => !lease.lapsed() },
  );
  if (read.kind !== 'done') return undefined;
  const fresh = new Set<Delivery>();
  const suspects = new Set<Delivery>();
  for (const delivery of often) {
    const known = read.value.get(delivery.messageId);
    if (known?.errorCode === null) fresh.add(delivery);
    else if (known?.errorCode === UNFINISHED) suspects.add(delivery);
  }
  return {
    innocent: deliveries.filter((delivery) => !suspects.has(delivery) && !fresh.has(delivery)),
    fresh: [...fresh],
    suspects: [...suspects],
  };
}

/** Thousands that waited for a sick table must not be worked one by one by the next process. */
async function workNoted(
  context: Receiving,
  lease: MessageLease,
  deliveries: readonly Delivery[],
): Promise<boolean> {
  const { plan, store } = context;
  const suspects = deliveries.map((delivery) => ({
    entry: entryOf(plan, delivery),
    error: unfinished(delivery),
  }));
  const noted = await withRetries(context, () => store.ledger.markTogether(suspects), {
    worthwhile: () => !lease.lapsed(),
  });
  if (noted.kind !== 'done') return false;
  if (await workTogether(context, lease, deliveries)) return true;
  await clearNotes(context, deliveries);
  return false;
}

function unfinished(delivery: Delivery): MessageError {
  return {
    code: UNFINISHED,
    entity: delivery.entity,
    field: '',
    pointer: '',
    message: `was delivered ${delivery.deliveries} times and never finished; it may crash the process`,
  };
}

/** The note is written before the message is touched, so that it counts also where the process ends here. */
async function workAlone(context: Receiving, lease: MessageLease, delivery: Delivery): Promise<boolean> {
  const { plan, store, settings } = context;
  const error = unfinished(delivery);
  const noted = await withRetries(
    context,
    () => store.ledger.markUnfinished(entryOf(plan, delivery), error),
    {
      worthwhile: () => !lease.lapsed(),
    },
  );
  if (noted.kind !== 'done') return false;
  if (noted.value !== undefined && noted.value > settings.attempts) {
    return failMessages(context, lease, [{ kind: 'failed', delivery, error, mayRecover: false }]);
  }
  if (await workTogether(context, lease, [delivery])) return true;
  await clearNotes(context, [delivery]);
  return false;
}
