import type { Failure } from '../../../ports/failure.ts';
import { quietly } from '../../../ports/quietly.ts';
import { entryOf } from '../entry-of.ts';
import type { Message } from '../message.ts';
import type { Failing } from './failing.ts';
import { messageError } from './message-error.ts';

/**
 * Tells of a message that fails again and again without being charged for it: in the log, and with its status. It waits for as long as
 * that takes, and nobody would know which one it is.
 */
export async function tellWaiting(
  { plan, store, log, evidence }: Failing,
  message: Message,
  failure: Failure,
): Promise<void> {
  if (!evidence.isToBeTold(message)) return;
  const { delivery } = message;
  const error = messageError(plan, delivery, failure);
  const { messageId, entity } = delivery;
  log.warn(
    { message_id: messageId, entity, sqlstate: failure.sql?.sqlstate, reason: failure.message },
    'a message waits: Postgres cannot write it, and nothing says that it is to blame',
  );
  await quietly(log, 'noting why a message waits', () =>
    store.ledger.noteWaiting([{ ...entryOf(plan, delivery), error }]),
  );
}
