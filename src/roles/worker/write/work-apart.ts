import type { Writing } from './writing.ts';
import { giveBack } from '../fail/give-back.ts';
import type { MessageLease } from '../message-lease.ts';
import type { Message } from '../message.ts';
import { splitInOrder } from './split-in-order.ts';
import { settle } from './settle.ts';
import { withoutBlocked } from './without-blocked.ts';

/** Messages of one batch that are tried alone. */
const ALONE = 20;

export interface SetApart {
  readonly together: readonly Message[];
  /** Failed alone before, or write where nothing gets through, or stand behind such a message in their order key. */
  readonly apart: readonly Message[];
}

/** What must not spoil a batch, both in order. While nothing fails, all goes together. */
export function setApart({ evidence, order }: Writing, messages: readonly Message[]): SetApart {
  if (evidence.quiet()) return { together: messages, apart: [] };
  const isDoubted = (message: Message) => evidence.suspected(message) || evidence.blocked(message);
  const { first, behind } = splitInOrder(order, messages, isDoubted);
  return { together: first, apart: behind };
}

/**
 * Tries messages that are in doubt, one after the other. As soon as one gets through, those that are in doubt no more go
 * together. What still writes where nothing gets through goes back untried. False where the worker stops.
 */
export async function workApart(
  context: Writing,
  lease: MessageLease,
  messages: readonly Message[],
): Promise<boolean> {
  const { evidence, order, signal } = context;
  let left = messages;
  for (let tries = 0; left.length > 0 && tries < ALONE; tries += 1) {
    // One that never failed says more of the place than one that did.
    const fresh = order.mayOvertake ? left.find((message) => !evidence.suspected(message)) : undefined;
    const first = fresh ?? left[0];
    const waits = first !== undefined && evidence.blocked(first) && !evidence.mayAsk();
    const isBlocked = (message: Message) => evidence.blocked(message);
    const next = waits ? splitInOrder(order, left, isBlocked).first[0] : first;
    if (next === undefined) break;
    if (signal.aborted || !(await settle(context, lease, [next], 0))) return false;
    const { together, apart } = setApart(
      context,
      left.filter((message) => message !== next),
    );
    if (!(await settle(context, lease, together))) return false;
    left = await withoutBlocked(context, lease, apart);
  }
  await giveBack(context, lease, left);
  return true;
}
