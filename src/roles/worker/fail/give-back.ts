import { Failure } from '../../../ports/failure.ts';
import type { Delivery } from '../../../ports/queue.ts';
import type { Failing } from './failing.ts';
import type { MessageLease } from '../message-lease.ts';
import type { Message } from '../message.ts';

/** A message that came this often and has no recorded failure may be what ends the process each time. */
export const SUSPECT_DELIVERIES = 5;

/** Messages that come again after a while, without an attempt spent; in a partition they keep their place in their key. */
export async function giveBack(
  context: Failing,
  lease: MessageLease,
  messages: readonly Message[],
): Promise<void> {
  if (messages.length === 0) return;
  const { evidence, order, log } = context;
  const delay = evidence.givenBack(messages);
  await clearNotes(
    context,
    messages.map(({ delivery }) => delivery),
  );
  await order.giveBack(lease, messages, delay);
  log.debug({ messages: messages.length, delay }, 'gave messages back without an attempt');
}

/**
 * Clears what was noted of messages that were worked alone for fear of a crash: there was none, though they are not
 * settled. Where that fails, the note stays and counts.
 */
export async function clearNotes(
  { store, log }: Pick<Failing, 'store' | 'log'>,
  deliveries: readonly Delivery[],
): Promise<void> {
  const noted = deliveries.filter((delivery) => delivery.deliveries >= SUSPECT_DELIVERIES);
  if (noted.length === 0) return;
  try {
    await store.ledger.clearUnfinished(noted.map(({ messageId }) => messageId));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.debug({ code: error.code, reason: error.message }, 'could not clear notes of unfinished messages');
  }
}
