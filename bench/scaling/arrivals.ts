import { randomInt, randomUUID } from 'node:crypto';
import type { Outgoing } from '../../src/ports/queue.ts';
import { messageIds } from '../../src/roles/ingest/message-id.ts';
import type { Bench } from '../bench.ts';
import { outgoing } from '../messages.ts';
import { CUSTOMERS, KEY_STEP, PARTS, SUPPLIERS } from './fill.ts';

/**
 * How orders fall among those that are there.
 * - `newest`: behind all others, as numbers that somebody counts, with ids that carry their time.
 * - `spread`: anywhere among the old ones, with ids of an `Idempotency-Key`.
 */
export type Arrival = 'newest' | 'spread';

/** The orders of `bench` with keys that no round has had, as messages. Parts, suppliers and customers are any of the many. */
export function arrivals(bench: Bench, rows: number): (arrival: Arrival) => readonly Outgoing[] {
  // Enough keys for all rounds, also where few rows are stored.
  const stored = Math.max(bench.orders.length * 100, Math.ceil(rows / 4));
  const used = new Set<number>();
  const nextId = messageIds(Date.now);
  let last = (stored + 1_000_000) * KEY_STEP;
  const spreadKey = (): number => {
    for (;;) {
      const key = randomInt(1, stored) * KEY_STEP + randomInt(1, KEY_STEP);
      if (used.has(key)) continue;
      used.add(key);
      return key;
    }
  };
  return (arrival) =>
    outgoing(
      bench.plan,
      bench.orders.map((order) => {
        const key = arrival === 'spread' ? spreadKey() : (last += 1);
        return order
          .replace(/"order_key":\d+/, `"order_key":${key}`)
          .replace(/"customer_key":\d+/, () => `"customer_key":${randomInt(1, CUSTOMERS)}`)
          .replaceAll(/"part_key":\d+/g, () => `"part_key":${randomInt(1, PARTS)}`)
          .replaceAll(/"supplier_key":\d+/g, () => `"supplier_key":${randomInt(1, SUPPLIERS)}`);
      }),
      arrival === 'spread' ? randomUUID : nextId,
    );
}
