import { jetstreamManager, type JetStreamManager, type StreamState } from '@nats-io/jetstream';
import { readQueue } from './live.ts';
import { withNats } from './nats-servers.ts';

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
    const found = await readQueue(databaseUrl);
    // A count that is too high would make the stream full before it is.
    const agrees = found.counted === found.bytes;
    return { messages: Math.max(found.messages, agrees ? 0 : 1), details: JSON.stringify(found) };
  }
  return withNats(natsUrl, async (connection) => {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const { state } = await manager.streams.info(stream);
    const consumers = await manager.consumers.list(stream).next();
    const known = consumers.reduce(
      (sum, { num_pending, num_ack_pending }) => sum + num_pending + num_ack_pending,
      0,
    );
    // Messages that no consumer will get count too.
    const messages = Math.max(known, state.messages);
    const each = consumers.map(
      ({ name, num_pending: pending, num_ack_pending: out, delivered, ack_floor: floor }) => ({
        name,
        pending,
        out,
        delivered,
        floor,
      }),
    );
    const held = messages === 0 ? [] : await heldMessages(manager, stream, state);
    return { messages, details: JSON.stringify({ consumers: each, state, held }) };
  });
}

/** How many messages are looked at one by one. */
const SHOWN = 5;

/**
 * What a stream says about the first messages that it holds: when and under which id each was stored. A server may count
 * a message that it can no longer show; then its answer stands here.
 */
async function heldMessages(
  manager: JetStreamManager,
  stream: string,
  { first_seq: first, last_seq: last }: StreamState,
): Promise<readonly unknown[]> {
  const held: unknown[] = [];
  for (let seq = first; seq <= last && held.length < SHOWN; seq += 1) {
    try {
      const message = await manager.streams.getMessage(stream, { seq });
      if (message === null) held.push({ seq, found: 'nothing' });
      else
        held.push({
          seq,
          time: message.timestamp,
          subject: message.subject,
          id: message.header.get('Nats-Msg-Id'),
        });
    } catch (error) {
      held.push({ seq, found: String(error) });
    }
  }
  return held;
}
