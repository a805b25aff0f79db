import type { Delivery } from '../../../ports/queue.ts';
import type { Message } from '../message.ts';

/**
 * The messages of one partition that wait: for their next attempt, or behind an earlier message of their order key that
 * does. They stay with the worker, in their order, and are extended like everything that it has.
 *
 * A key is free → held back (a message of it is to be tried again after a delay) → due → free
 */
export interface Holds {
  /** Gives the messages whose key is free, in their order, and keeps the others. */
  free(messages: readonly Message[]): readonly Message[];
  /** Holds the key of a message back that failed, until it is due again. */
  hold(delivery: Delivery, dueAt: number): void;
  /** What is due at `now`, the messages of a key in their order; their keys are free again. */
  due(now: number): readonly Delivery[];
  /** When the next key is due; undefined where none is held back. */
  nextDue(): number | undefined;
  has(delivery: Delivery): boolean;
  size(): number;
  /** Forgets everything: it comes again from the queue. What is not due by then is held back again until it is. */
  clear(): void;
}

interface Held {
  readonly dueAt: number;
  readonly deliveries: Delivery[];
}

export function newHolds(now: () => number): Holds {
  const held = new Map<string, Held>();
  const all = new Set<Delivery>();
  const keys = new WeakMap<Delivery, string>();
  /** By message id: when those are due that were held back before everything was forgotten. */
  const dueAgain = new Map<string, number>();

  const hold = (key: string, delivery: Delivery, dueAt: number): void => {
    held.set(key, { dueAt, deliveries: [delivery] });
    all.add(delivery);
  };

  return {
    free(messages) {
      const free: Message[] = [];
      for (const message of messages) {
        const { delivery, orderKey = delivery.messageId } = message;
        keys.set(delivery, orderKey);
        const behind = held.get(orderKey);
        const again = dueAgain.get(delivery.messageId) ?? 0;
        dueAgain.delete(delivery.messageId);
        if (behind === undefined) {
          if (again > now()) hold(orderKey, delivery, again);
          else free.push(message);
        } else if (!all.has(delivery)) {
          behind.deliveries.push(delivery);
          all.add(delivery);
        }
      }
      return free;
    },
    hold(delivery, dueAt) {
      hold(keys.get(delivery) ?? delivery.messageId, delivery, dueAt);
    },
    due(now) {
      const due: Delivery[] = [];
      for (const [key, { dueAt, deliveries }] of held) {
        if (dueAt > now) continue;
        held.delete(key);
        for (const delivery of deliveries) all.delete(delivery);
        due.push(...deliveries);
      }
      return due;
    },
    nextDue() {
      let next: number | undefined;
      for (const { dueAt } of held.values()) next = Math.min(next ?? dueAt, dueAt);
      return next;
    },
    has: (delivery) => all.has(delivery),
    size: () => all.size,
    clear() {
      for (const [id, dueAt] of dueAgain) if (dueAt <= now()) dueAgain.delete(id);
      for (const { dueAt, deliveries } of held.values())
        if (deliveries[0] !== undefined) dueAgain.set(deliveries[0].messageId, dueAt);
      held.clear();
      all.clear();
    },
  };
}
