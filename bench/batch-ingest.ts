import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { Bench } from './bench.ts';
import { withIngest } from './ingest-process.ts';
import { outgoing, withEmptyStream } from './messages.ts';

/** In flight at once: what publishes fastest on this client and server. */
const WINDOW = 256;
const BATCH = 1000;

/** (c) Messages a second of the official client publishing in a pipeline, with ids, nothing else. */
export function rawPublish({ plan, orders, natsUrl }: Bench): Promise<number> {
  return withEmptyStream(natsUrl, plan, async () => {
    const connection = await connect({ servers: natsUrl, noAsyncTraces: true });
    const stream = jetstream(connection);
    const messages = outgoing(plan, orders);
    const started = performance.now();
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let message = messages[next++]; message !== undefined; message = messages[next++])
        await stream.publish(message.subject, message.body, {
          msgID: message.messageId,
          expect: { streamName: message.stream },
        });
    };
    await Promise.all(Array.from({ length: WINDOW }, lane));
    const rate = messages.length / ((performance.now() - started) / 1000);
    await connection.close();
    return rate;
  });
}

/** (c) Messages a second through `POST /ingest/Order/batch`. */
export function batchIngest(bench: Bench): Promise<number> {
  return withIngest(bench, ({ address }) => postBatches(address, bench.orders));
}

/** Messages a second, in batches of 1000, two requests in flight. */
export async function postBatches(address: string, orders: readonly string[]): Promise<number> {
  const url = `${address}/ingest/Order/batch`;
  const bodies = Array.from({ length: Math.ceil(orders.length / BATCH) }, (_, at) =>
    orders.slice(at * BATCH, (at + 1) * BATCH).join('\n'),
  );
  const started = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await post(url, body);
  };
  await Promise.all([lane(), lane()]);
  return orders.length / ((performance.now() - started) / 1000);
}

async function post(url: string, body: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  });
  const answer = (await response.json()) as { readonly rejected?: readonly unknown[] };
  if (response.status !== 202 || answer.rejected?.length !== 0)
    throw new Error(`a batch was answered ${response.status}`);
}
