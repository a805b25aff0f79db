import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import type { Child } from '../child.ts';
import { outgoing, withEmptyStream } from '../messages.ts';

/** Orders that wait in a queue for whoever is measured. */
export interface WaitingOrders {
  /** Where a program finds them. */
  readonly env: Readonly<Record<string, string>>;
  /** How many are left, those that a worker holds included. */
  left(): Promise<number>;
  /** Looking again and again would cost the server what is measured: the worker says `drained` after its last order. */
  readonly saidByWorker?: true;
}

/** Puts the orders into a queue, and takes the queue away after `work`. */
export type Queue = <T>(
  bench: Bench,
  databaseUrl: string,
  work: (orders: WaitingOrders) => Promise<T>,
) => Promise<T>;

/** Milliseconds between looks, which cost a server next to nothing. */
const LOOK = 20;

/** Waits until no order is left. */
export async function drained(orders: WaitingOrders, workers: readonly Child[]): Promise<void> {
  if (orders.saidByWorker === true) {
    await Promise.all(workers.map((worker) => worker.says(/^drained/m)));
    return;
  }
  while ((await orders.left()) > 0) {
    for (const worker of workers) worker.mustRun();
    await sleep(LOOK);
  }
}

/** The stream as nomnom applies it, with nomnom's consumer. */
export const jetStream: Queue = (bench, databaseUrl, work) => overJetStream(bench, databaseUrl, true, work);

/** The same stream without a consumer: a work queue gives a message to one only, and peers make their own. */
export const jetStreamOfPeers: Queue = (bench, databaseUrl, work) =>
  overJetStream(bench, databaseUrl, false, work);

function overJetStream<T>(
  { natsUrl, plan, orders }: Bench,
  databaseUrl: string,
  keepsConsumers: boolean,
  work: (orders: WaitingOrders) => Promise<T>,
): Promise<T> {
  return withEmptyStream(natsUrl, plan, async (queue) => {
    const outcomes = await queue.publisher().publish(outgoing(plan, orders));
    if (outcomes.some((outcome) => outcome.kind !== 'stored')) throw new Error('an order was not stored');
    const [consume] = plan.roles.flatMap((role) => role.consumes);
    if (consume === undefined) throw new Error('the program consumes nothing');
    const { stream, durable } = consume;
    const connection = await connect({ servers: natsUrl, noAsyncTraces: true });
    try {
      const manager = await jetstreamManager(connection);
      if (!keepsConsumers) await manager.consumers.delete(stream, durable);
      return await work({
        env: { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, STREAM: stream },
        // The stream is a work queue: it forgets what is acknowledged.
        left: async () => (await manager.streams.info(stream)).state.messages,
      });
    } finally {
      await connection.close();
    }
  });
}
