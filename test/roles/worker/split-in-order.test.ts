import { expect, test } from 'vitest';
import type { Evidence } from '../../../src/roles/worker/fail/evidence.ts';
import type { Message } from '../../../src/roles/worker/message.ts';
import type { Order } from '../../../src/roles/worker/order.ts';
import { blockedAtOnce, splitInOrder } from '../../../src/roles/worker/write/split-in-order.ts';

/** `a2!` is the second message of key a, which writes where nothing gets through. */
function messages(names: string): readonly Message[] {
  return names.split(' ').map((name) => ({ orderKey: name[0], delivery: { messageId: name } }) as Message);
}
const idsOf = (some: readonly Message[]) => some.map(({ delivery }) => delivery.messageId).join(' ');
const isBlocked = ({ delivery }: Message) => delivery.messageId.endsWith('!');
const byKey = { keyOf: ({ orderKey }: Message) => orderKey } as Order;
const inAnyOrder = { keyOf: () => undefined } as unknown as Order;
const evidence = { blocked: isBlocked } as Evidence;

test('what stands behind a message that waits waits too, where its key keeps its order', () => {
  const { first, behind } = splitInOrder(byKey, messages('a1 a2! a3 b1 a4! b2'), isBlocked);
  expect([idsOf(first), idsOf(behind)]).toEqual(['a1 b1 b2', 'a2! a3 a4!']);
});

test('in any order only what waits itself waits', () => {
  const { first, behind } = splitInOrder(inAnyOrder, messages('a1 a2! a3'), isBlocked);
  expect([idsOf(first), idsOf(behind)]).toEqual(['a1 a3', 'a2!']);
});

test('what is blocked is given back with what stands behind it, and stays behind what is still to be worked', () => {
  const { blocked, rest } = blockedAtOnce({ order: byKey, evidence }, messages('a1! a2 b1 b2! a3! c1!'));
  expect([idsOf(blocked), idsOf(rest)]).toEqual(['a1! a2 a3! c1!', 'b1 b2!']);
});

test('in any order all that is blocked is given back', () => {
  const { blocked, rest } = blockedAtOnce({ order: inAnyOrder, evidence }, messages('a1 a2! a3'));
  expect([idsOf(blocked), idsOf(rest)]).toEqual(['a2!', 'a1 a3']);
});
