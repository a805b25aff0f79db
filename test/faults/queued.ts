import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { countQueued } from './live.ts';

/** What a queue still holds, asked around the proxies. */
export interface Queued {
  /** Messages that wait or are out for delivery. */
  readonly messages: number;
  /** The server's own words about them. */
  readonly details: string;
}

export async function queued(
  databaseUrl: string,
  natsUrl: string | undefined,
  stream: string,
): Promise<Queued> {
  if (natsUrl === undefined) {
    const messages = await countQueued(databaseUrl);
    return { messages, details: `${messages} rows` };
  }
  const connection = await connect({ servers: natsUrl });
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const { state } = await manager.streams.info(stream);
    const [consumer] = await manager.consumers.list(stream).next();
    const known = (consumer?.num_pending ?? 0) + (consumer?.num_ack_pending ?? 0);
    // Messages that no consumer will get count too.
    const messages = Math.max(known, state.messages);
    const { delivered, ack_floor: floor, num_pending: pending, num_ack_pending: out } = consumer ?? {};
    return { messages, details: JSON.stringify({ pending, out, delivered, floor, state }) };
  } finally {
    await connection.close();
  }
}
