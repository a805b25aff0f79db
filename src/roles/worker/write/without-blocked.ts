import { giveBack } from '../fail/give-back.ts';
import type { MessageLease } from '../message-lease.ts';
import type { Message } from '../message.ts';
import { blockedAtOnce } from './split-in-order.ts';
import type { Writing } from './writing.ts';

/** Gives back, untried, what writes where nothing gets through; gives what is left and free, in order. */
export async function withoutBlocked(
  context: Writing,
  lease: MessageLease,
  messages: readonly Message[],
): Promise<readonly Message[]> {
  const { blocked, rest } = blockedAtOnce(context, messages);
  if (blocked.length === 0) return messages;
  await giveBack(context, lease, blocked);
  return context.order.free(rest);
}
