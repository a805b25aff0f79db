import { LateAnswer, ForeignTalk } from './role-request.ts';
import { tlsFault } from './tls-fault.ts';

/** Why a request got no answer, and whether the same request may get one later. */
export interface NoAnswer {
  readonly reason: string;
  /** The server or the way to it failed: `late` where it was silent. `foreign`: no role is there. `final`: the request cannot be sent. */
  readonly kind: 'away' | 'late' | 'foreign' | 'final';
  /** What a person can do about it, where the error tells. */
  readonly help?: string;
}

/** What a request rejected with. Of several addresses that refuse, Node makes a list without words. */
export function noAnswer(error: unknown): NoAnswer {
  const first: unknown = error instanceof AggregateError && error.message === '' ? error.errors[0] : error;
  if (!(first instanceof Error)) return { reason: String(first), kind: 'final' };
  if (first instanceof LateAnswer) return { reason: first.message, kind: 'late' };
  if (first instanceof ForeignTalk) return { reason: first.message, kind: 'foreign' };
  const reason = first.message === '' ? first.name : first.message;
  if (!hasCode(first)) return { reason, kind: 'final' };
  const ofTls = tlsFault(first);
  if (ofTls !== undefined) return { ...ofTls, kind: 'final' };
  // Of the parser of HTTP; a connection that ended too early may come to its end another time.
  if (first.code.startsWith('HPE_') && first.code !== 'HPE_INVALID_EOF_STATE') return otherTalk(first);
  // Node itself refuses to send it.
  return {
    reason,
    kind: first.code.startsWith('ERR_') && !first.code.startsWith('ERR_SSL_') ? 'final' : 'away',
  };
}

/** The first byte of a record of TLS that is an alert. */
const TLS_ALERT = 0x15;

function otherTalk(error: Error): NoAnswer {
  const packet: unknown = 'rawPacket' in error ? error.rawPacket : undefined;
  if (packet instanceof Uint8Array && packet[0] === TLS_ALERT)
    return { reason: 'what listens there speaks TLS', kind: 'final', help: 'Write https:// into the URL.' };
  return { reason: 'it does not speak HTTP', kind: 'foreign' };
}

function hasCode(error: Error): error is Error & { readonly code: string } {
  return 'code' in error && typeof error.code === 'string';
}
