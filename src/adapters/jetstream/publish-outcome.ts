import type { Msg } from '@nats-io/transport-node';
import type { PublishOutcome } from '../../ports/queue.ts';
import { API, NO_ROOM } from './api-failure.ts';

const STORED: PublishOutcome = { kind: 'stored', duplicate: false };
const DUPLICATE: PublishOutcome = { kind: 'stored', duplicate: true };

/** What the answer to a publish says; undefined where nobody listened on the subject (status 503). */
export function outcomeOf(answer: Msg): PublishOutcome | undefined {
  if (answer.data.length === 0) return undefined;
  const ack = parseAck(answer.string());
  if (ack === undefined) return { kind: 'unavailable', reason: 'the answer is not from JetStream' };
  if (ack.error !== undefined) return refusal(ack.error);
  if (ack.stream === undefined) return { kind: 'unavailable', reason: 'the answer is not from JetStream' };
  // Streams count from 1. The first message of this id is on its way, and may still be lost.
  if (ack.seq === 0) return { kind: 'unavailable', reason: 'the message is on its way, but not stored yet' };
  return ack.duplicate === true ? DUPLICATE : STORED;
}

interface Ack {
  readonly stream?: string;
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: AckError;
}

interface AckError {
  readonly code: number;
  readonly err_code?: number;
  readonly description?: string;
}

/** Null and other JSON that is no object become undefined: a core subscriber may have answered. */
function parseAck(text: string): Ack | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function refusal(error: AckError): PublishOutcome {
  const reason = `${error.description ?? 'refused'} (${error.err_code ?? error.code})`;
  const code = error.err_code ?? 0;
  if (NO_ROOM.has(code)) return { kind: 'full', reason };
  if (code === API.messageTooLarge) return { kind: 'too_large', reason };
  if (code === API.jetStreamNotEnabled || code === API.jetStreamNotEnabledForAccount) {
    return { kind: 'misconfigured', reason };
  }
  return error.code >= 400 && error.code < 500 && error.code !== 429 && error.code !== 409
    ? { kind: 'misconfigured', reason }
    : { kind: 'unavailable', reason };
}
