import type { Order } from '../order.ts';

/** Any order. What may end the process comes last. */
export const freeOrder: Order = {
  mayOvertake: true,
  keyOf: () => undefined,
  free: (messages) => messages,
  steps: (_deliveries, { innocent, fresh, suspects }) => [
    { kind: 'together', deliveries: innocent },
    ...(fresh.length === 0 ? [] : [{ kind: 'noted' as const, deliveries: fresh }]),
    ...suspects.map((delivery) => ({ kind: 'alone' as const, delivery })),
  ],
  giveBack: (lease, messages, delay) =>
    lease.retry(
      messages.map(({ delivery }) => delivery),
      delay,
    ),
  isBarred: () => false,
  hasBarriers: () => false,
  leave: () => true,
  pass: () => {},
};
