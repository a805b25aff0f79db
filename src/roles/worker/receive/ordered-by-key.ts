import type { Holds } from './holds.ts';
import type { Order } from '../order.ts';

/** The order of the lane of a partition, which keeps no message of a key before an earlier one. */
export interface KeyOrder extends Order {
  /** Forgets everything: it comes again from the queue. */
  clear(): void;
}

export function orderedByKey(holds: Holds): KeyOrder {
  /**
   * By entity: the messages that were left and whose order key only their own program knows. While there is one, what
   * comes behind it of its entity is left too.
   */
  const barriers = new Map<string, Set<string>>();
  return {
    mayOvertake: false,
    keyOf: ({ orderKey }) => orderKey,
    free: (messages) => holds.free(messages),
    // Suspects may not be left to the end.
    steps(deliveries, { fresh, suspects }) {
      const alone = new Set([...fresh, ...suspects]);
      if (alone.size === 0) return [{ kind: 'together', deliveries }];
      return deliveries.map((delivery) =>
        alone.has(delivery) ? { kind: 'alone', delivery } : { kind: 'together', deliveries: [delivery] },
      );
    },
    async giveBack(lease, messages, delay) {
      // Each is held before the next one is looked at: it may be of the same key.
      for (const message of messages) {
        for (const { delivery } of holds.free([message])) await lease.retry([delivery], delay);
      }
    },
    isBarred({ entity, messageId }) {
      const barrier = barriers.get(entity);
      return barrier !== undefined && barrier.size > 0 && !barrier.has(messageId);
    },
    hasBarriers: () => barriers.size > 0,
    leave({ entity, messageId }, outcome) {
      if (outcome.kind === 'message') return holds.free([outcome]).length > 0;
      barriers.set(entity, (barriers.get(entity) ?? new Set()).add(messageId));
      return true;
    },
    pass: ({ entity, messageId }) => void barriers.get(entity)?.delete(messageId),
    clear() {
      holds.clear();
      barriers.clear();
    },
  };
}
