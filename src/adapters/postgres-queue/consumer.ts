import type { ConsumePlan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import type { Consumer, Delivery } from '../../ports/queue.ts';
import type { SqlStore } from '../../sql/postgres/session.ts';
import type { Arrivals } from './arrivals.ts';
import { claim, claimInOrder } from './claim.ts';
import {
  acknowledge,
  countMessages,
  type Done,
  done,
  extend,
  giveBack,
  type LeasedDelivery,
  restart,
} from './lease.ts';
import { queueFailure } from './queue-failure.ts';
import type { Reach } from './reach.ts';

/** Milliseconds between two looks at an empty queue: the first, and the cap of its doubling. */
const POLL_FROM = 10;
const POLL_TO = 200;

const FIND_CONSUMER = {
  name: 'nomnom_queue_consumer',
  text: `SELECT id FROM nomnom_queue_consumer WHERE stream = $1 AND durable = $2`,
};

/** What a consumer shares with the rest of its queue. */
export interface ConsumerParts {
  readonly store: SqlStore;
  readonly log: Log;
  readonly arrivals: Arrivals;
  readonly tidy: () => Promise<void>;
  /** Of the consumer with this number. */
  readonly reachOf: (consumer: number) => Reach;
}

export async function postgresConsumer(parts: ConsumerParts, plan: ConsumePlan): Promise<Consumer> {
  const { store, log, arrivals, tidy, reachOf } = parts;
  const id = await findConsumer(store, plan);
  const ordered = plan.partition !== undefined;
  const claimant = { consumer: id, reach: reachOf(id) };
  /** Acknowledgements that Postgres did not answer; they are sent again before the next one. */
  let owed: Done[] = [];
  /** Of a partition, between a restart and the first claim whose answer did not come, or said that somebody else has restarted it. */
  let session: string | undefined;

  const settle = async (deliveries: readonly Delivery[]) => {
    if (deliveries.length > 0) owed.push(done(deliveries as readonly LeasedDelivery[]));
    const sent = owed;
    owed = [];
    for (const [at, each] of sent.entries()) {
      try {
        await acknowledge(store, id, each);
      } catch (error) {
        owed = [...sent.slice(at), ...owed];
        log.debug({ error, messages: each.rows.length }, 'could not acknowledge, will try again');
        return;
      }
    }
  };

  const interrupted = () => ordered && session === undefined;

  const take = async (max: number): Promise<readonly LeasedDelivery[]> => {
    if (!ordered) return claim(store, claimant, max, plan.ackWait);
    const current = session;
    if (current === undefined) return [];
    session = undefined;
    const claimed = await claimInOrder(store, id, max, current);
    if (claimed !== undefined) session = current;
    return claimed ?? [];
  };

  const move = async (
    deliveries: readonly Delivery[],
    to: (leased: readonly LeasedDelivery[]) => Promise<void>,
  ) => {
    if (deliveries.length === 0) return;
    try {
      await to(deliveries as readonly LeasedDelivery[]);
    } catch (error) {
      throw queueFailure(error);
    }
  };

  return {
    async fetch({ max, wait, linger, signal }) {
      const batch = Math.min(max, plan.maxAckPending);
      const deadline = Date.now() + wait;
      let pause = POLL_FROM;
      if (owed.length > 0) await settle([]);
      await tidy();
      while (!signal.aborted && !interrupted()) {
        const known = arrivals.count();
        const first = await take(batch).catch((error: unknown) => {
          throw queueFailure(error);
        });
        if (first.length > 0) {
          if (first.length >= batch || linger <= 0) return first;
          return [...first, ...(await takeRest(batch - first.length, known, linger, signal))];
        }
        const left = deadline - Date.now();
        if (left <= 0) break;
        await arrivals.next(known, Math.min(pause, left), signal);
        pause = Math.min(pause * 2, POLL_TO);
      }
      return [];
    },
    ack: settle,
    retry: (deliveries, delay) => move(deliveries, (leased) => giveBack(store, leased, Math.max(0, delay))),
    async extend(deliveries) {
      // A session's leases do not end.
      if (!ordered) await move(deliveries, (leased) => extend(store, leased, plan.ackWait));
    },
    async pending() {
      try {
        return await countMessages(store, id);
      } catch (error) {
        throw queueFailure(error);
      }
    },
    async restart() {
      session = undefined;
      try {
        session = await restart(store, id);
      } catch (error) {
        throw queueFailure(error);
      }
    },
    interrupted,
    close: () => settle([]),
  };

  /** Gives the batch `linger` ms to fill. A failure loses nothing: what is leased already is delivered. */
  async function takeRest(
    missing: number,
    seen: number,
    linger: number,
    signal: AbortSignal,
  ): Promise<readonly LeasedDelivery[]> {
    const rest: LeasedDelivery[] = [];
    const deadline = Date.now() + linger;
    let known = seen;
    for (
      let left = linger;
      left > 0 && rest.length < missing && !signal.aborted && !interrupted();
      left = deadline - Date.now()
    ) {
      await arrivals.next(known, left, signal);
      known = arrivals.count();
      try {
        rest.push(...(await take(missing - rest.length)));
      } catch (error) {
        log.debug({ error }, 'could not fill a batch');
        break;
      }
    }
    return rest;
  }
}

async function findConsumer(store: SqlStore, { stream, durable }: ConsumePlan): Promise<number> {
  let id: unknown;
  try {
    const { rows } = await store.query({ ...FIND_CONSUMER, values: [stream, durable] });
    id = rows[0]?.['id'];
  } catch (error) {
    throw queueFailure(error);
  }
  if (id === undefined) {
    throw new Failure('QUEUE_MISCONFIGURED', `consumer ${durable} of stream ${stream} does not exist`);
  }
  return Number(id);
}
