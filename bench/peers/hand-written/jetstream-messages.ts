import { AckPolicy, jetstream, jetstreamManager, type Consumer, type JsMsg } from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';
import { required } from './settings.ts';

/** A consumer of the stream's orders, with room for as many messages as the worker holds. */
export async function ordersConsumer(held: number): Promise<Consumer> {
  const connection = await connect({ servers: required('NATS_URL'), noAsyncTraces: true });
  const stream = required('STREAM');
  const manager = await jetstreamManager(connection);
  await manager.consumers.add(stream, {
    durable_name: 'peer',
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(30_000),
    max_ack_pending: 2 * held,
  });
  return jetstream(connection).consumers.get(stream, 'peer');
}

interface Batches {
  readonly size: number;
  readonly inFlight: number;
  /** Stores a batch; its messages are acknowledged after that. */
  work(messages: readonly JsMsg[]): Promise<void>;
}

/** Fetches one batch after another and works on several at once. A failure ends the process, and the messages come again. */
export async function workInBatches({ size, inFlight, work }: Batches): Promise<void> {
  const consumer = await ordersConsumer(size * inFlight);
  const working = new Set<Promise<void>>();
  process.on('SIGTERM', () => process.exit(0));
  console.log('ready');
  for (;;) {
    if (working.size >= inFlight) await Promise.race(working);
    const messages = await fetchBatch(consumer, size);
    if (messages.length === 0) continue;
    const one = work(messages).then(() => {
      for (const message of messages) message.ack();
      working.delete(one);
    });
    working.add(one);
  }
}

/** A full batch, or all that the stream has: `fetch` alone would wait at least a second for the rest. */
async function fetchBatch(consumer: Consumer, size: number): Promise<readonly JsMsg[]> {
  const messages: JsMsg[] = [];
  for await (const message of await consumer.fetch({ max_messages: size, expires: 1000 })) {
    messages.push(message);
    if (message.info.pending === 0) break;
  }
  return messages;
}
