import type { Evidence } from '../fail/evidence.ts';
import type { Message } from '../message.ts';
import type { Order } from '../order.ts';

/** Those that `waits` names stand `behind`, with all that come after one of them in its order key; the others are `first`. Both in order. */
export function splitInOrder(
  order: Order,
  messages: readonly Message[],
  waits: (message: Message) => boolean,
): { readonly first: readonly Message[]; readonly behind: readonly Message[] } {
  const keys = new Set<string>();
  const first: Message[] = [];
  const behind: Message[] = [];
  for (const message of messages) {
    const key = order.keyOf(message);
    if (waits(message) || (key !== undefined && keys.has(key))) {
      behind.push(message);
      if (key !== undefined) keys.add(key);
    } else first.push(message);
  }
  return { first, behind };
}

/**
 * What can be given back now, because it writes where nothing gets through or stands behind such a message in its order key. One that stands
 * behind a message which still is to be worked stays with that: given back, it would be the first of its key to come again.
 */
export function blockedAtOnce(
  { order, evidence }: { readonly order: Order; readonly evidence: Evidence },
  messages: readonly Message[],
): { readonly blocked: readonly Message[]; readonly rest: readonly Message[] } {
  const worked = new Set<string>();
  const { first, behind } = splitInOrder(order, messages, (message) => {
    const key = order.keyOf(message);
    if (evidence.blocked(message) && (key === undefined || !worked.has(key))) return true;
    if (key !== undefined) worked.add(key);
    return false;
  });
  return { blocked: behind, rest: first };
}
