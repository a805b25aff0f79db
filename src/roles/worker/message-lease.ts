import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Consumer, Delivery } from '../../ports/queue.ts';
import { delayAfter } from '../../ports/retry.ts';

/** The deliveries that are out with this worker, kept from being delivered again while they are worked on. */
export interface MessageLease {
  /** Takes more deliveries of the same consumer in. */
  add(deliveries: readonly Delivery[]): void;
  /** Whether the delivery is neither acknowledged nor retried. */
  holds(delivery: Delivery): boolean;
  /** Never delivered again. A lost acknowledgement is harmless: the ledger recognises the message. */
  ack(deliveries: readonly Delivery[]): Promise<void>;
  /** Delivered again after `delay` ms. */
  retry(deliveries: readonly Delivery[], delay: number): Promise<void>;
  /** Whether the queue may have given the deliveries to another worker, because nothing was extended for too long. */
  lapsed(): boolean;
  /** Ends it and gives back what has neither been acknowledged nor retried. */
  end(): Promise<void>;
}

export interface MessageLeaseOptions {
  readonly consumer: Consumer;
  readonly deliveries: readonly Delivery[];
  /** Milliseconds after which the queue delivers again. */
  readonly ackWait: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** How soon what is given back comes again. */
const GIVEN_BACK = { from: 200, to: 200 };

export function leaseMessages({
  consumer,
  deliveries,
  ackWait,
  clock,
  log,
}: MessageLeaseOptions): MessageLease {
  const held = new Set(deliveries);
  const over = new AbortController();
  let extendedAt = clock.now();

  const attempt = async (what: string, call: () => Promise<void>): Promise<boolean> => {
    try {
      await call();
      return true;
    } catch (error) {
      log.debug({ reason: error instanceof Error ? error.message : String(error) }, `${what} failed`);
      return false;
    }
  };
  const renew = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(ackWait / 3, over.signal);
      if (over.signal.aborted) return;
      const at = clock.now();
      if (held.size === 0) extendedAt = at;
      else if (await attempt('extending a lease', () => consumer.extend([...held]))) extendedAt = at;
    }
  };
  void renew();

  return {
    add(deliveries) {
      if (held.size === 0) extendedAt = clock.now();
      for (const delivery of deliveries) held.add(delivery);
    },
    holds: (delivery) => held.has(delivery),
    async ack(done) {
      for (const delivery of done) held.delete(delivery);
      if (done.length > 0) await attempt('an acknowledgement', () => consumer.ack(done));
    },
    async retry(again, delay) {
      for (const delivery of again) held.delete(delivery);
      if (again.length > 0) await attempt('asking for redelivery', () => consumer.retry(again, delay));
    },
    lapsed: () => clock.now() - extendedAt > ackWait,
    async end() {
      over.abort();
      const rest = [...held];
      held.clear();
      if (rest.length === 0) return;
      await attempt('giving messages back', () => consumer.retry(rest, delayAfter(1, GIVEN_BACK)));
    },
  };
}
