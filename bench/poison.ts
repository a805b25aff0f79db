import type { Bench } from './bench.ts';
import { drain, type Draining } from './drain.ts';

/** One bad message in so many, which is the worker's batch. */
const EVERY = 500;

/** A rule that only Postgres knows. */
const RULE = `ALTER TABLE orders ADD CONSTRAINT no_poison CHECK (clerk <> 'poison')`;

export interface Poisoned {
  /** Seconds to drain the orders, in the same tables. */
  readonly clean: number;
  /** With one in a batch that Postgres refuses, so that the worker has to find it. */
  readonly refused: number;
  /** With one in a batch that does not pass its checks. */
  readonly rejected: number;
}

/** What one bad message in each batch costs. */
export async function poisoned(bench: Bench): Promise<Poisoned> {
  const seconds = async (draining: Draining): Promise<number> =>
    (await drain(bench, { ...draining, prepare: RULE })).seconds;
  return {
    clean: await seconds({}),
    refused: await seconds(
      spoilt(bench.orders, (body) => body.replace(/"clerk":"[^"]*"/, '"clerk":"poison"')),
    ),
    rejected: await seconds(
      spoilt(bench.orders, (body) => body.replace(/"order_status":"[^"]*"/, '"order_status":"?"')),
    ),
  };
}

/** The places differ from batch to batch. */
function spoilt(orders: readonly string[], spoil: (body: string) => string): Draining {
  let dead = 0;
  const bodies = orders.map((body, at) => {
    const batch = Math.floor(at / EVERY);
    if (at % EVERY !== (batch * 37) % EVERY) return body;
    dead += 1;
    return spoil(body);
  });
  return { bodies, dead };
}
