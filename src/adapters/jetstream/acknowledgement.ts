/** The commands of JetStream's acknowledgement protocol; each is the payload of a message to the reply subject. */
export const ACK: Uint8Array = Buffer.from('+ACK');

/** Starts the ack wait anew. */
export const WORKING: Uint8Array = Buffer.from('+WPI');

/** Delivered again after `delay` ms; a bare `-NAK` would be delivered again at once, without end. */
export function nak(delay: number): Uint8Array {
  return Buffer.from(`-NAK ${JSON.stringify({ delay: Math.max(1, Math.round(delay)) * 1_000_000 })}`);
}

/** What the reply subject of a delivered message tells. */
export interface ReplyFacts {
  readonly stream: string;
  readonly consumer: string;
  readonly deliveries: number;
  /** Decimal digits. */
  readonly sequence: string;
  /** Counts the deliveries of the consumer, this one included. */
  readonly consumerSequence: number;
  /** When the message was stored, nanoseconds since the epoch, decimal digits. */
  readonly timestamp: string;
}

/** The reply subject with the number that no message has: whoever may answer it may answer every message of the consumer. */
export function ofNoMessage(reply: string): string {
  const tokens = reply.split('.');
  return tokens.with(tokens.length > 9 ? 7 : 5, '0').join('.');
}

/** How often the message was delivered, this time included: a token of its reply subject, which is read for each message. */
export function deliveriesOf(reply: string): number {
  let dots = 0;
  let last = 0;
  for (let at = reply.indexOf('.'); at !== -1; at = reply.indexOf('.', at + 1)) {
    dots += 1;
    if (dots <= DELIVERIES) last = at;
  }
  if (dots > SHORT) return parseReply(reply).deliveries;
  return dots < DELIVERIES ? 1 : Number.parseInt(reply.slice(last + 1), 10);
}

/** So many dots stand before it in the short form. */
const DELIVERIES = 4;
/** So many dots has the short form at most. */
const SHORT = 8;

/**
 * Reads `$JS.ACK.STREAM.CONSUMER.DELIVERIES.SEQUENCE.CONSUMER_SEQUENCE.TIMESTAMP.PENDING`, or the longer form with
 * `DOMAIN.ACCOUNT` behind `ACK`.
 */
export function parseReply(reply: string): ReplyFacts {
  const tokens = reply.split('.');
  const at = tokens.length > 9 ? 4 : 2;
  return {
    stream: tokens[at] ?? '',
    consumer: tokens[at + 1] ?? '',
    deliveries: Number(tokens[at + 2] ?? 1),
    sequence: tokens[at + 3] ?? '',
    consumerSequence: Number(tokens[at + 4] ?? 0),
    timestamp: tokens[at + 5] ?? '',
  };
}
