import type { IncomingHttpHeaders } from 'node:http';
import { evaluateMessage } from '../../plan/evaluate-message.ts';
import type { Sender } from '../../ports/sender.ts';
import type { Outgoing } from '../../ports/queue.ts';
import type { TraceContext } from '../../ports/trace-context.ts';
import type { Rejection } from '../../types/value.ts';
import { headerText, rawHeader } from './header-text.ts';
import type { EntityRoute } from './routes-of.ts';

/** What a request says of the messages in it. */
export interface Envelope {
  readonly route: EntityRoute;
  /** The headers that the entity reads, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The span of the request. */
  readonly trace?: TraceContext | undefined;
}

/** Where `meta.source` is read from. */
const SOURCE = 'x-source';

/** The headers of a request that the entity reads, as text. A sender who proved its name has no other source. */
export function headersFor(
  { entity }: EntityRoute,
  headers: IncomingHttpHeaders,
  sender: Sender | undefined,
): Readonly<Record<string, string>> {
  if (entity.headers.length === 0) return NO_HEADERS;
  const kept: Record<string, string> = {};
  for (const name of entity.headers) {
    const value = rawHeader(headers, name);
    const text = value === undefined ? undefined : headerText(value);
    if (text !== undefined) kept[name] = text;
  }
  if (sender !== undefined && entity.headers.includes(SOURCE)) kept[SOURCE] = sender.name;
  return kept;
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

export type Examined =
  | { readonly kind: 'refused'; readonly rejection: Rejection }
  /** `orderKey` where the entity is `ordered by` something. */
  | { readonly kind: 'good'; readonly orderKey: string | undefined };

/**
 * Evaluates one message as the worker will: what it would refuse is refused here. `maxBytes` is what this role takes, which
 * may be less.
 */
export function examine(envelope: Envelope, body: Uint8Array, messageId: string, maxBytes: number): Examined {
  const { route, headers, receivedAt } = envelope;
  const limits = { ...route.limits, maxBytes };
  const evaluation = evaluateMessage(limits, route.entity, { body, headers, messageId, receivedAt });
  return evaluation.kind === 'rejected'
    ? { kind: 'refused', rejection: evaluation.rejection }
    : { kind: 'good', orderKey: evaluation.orderKey };
}

/** The message for the queue: the bytes as they were received. */
export function outgoing(
  envelope: Envelope,
  body: Uint8Array,
  messageId: string,
  orderKey: string | undefined,
): Outgoing {
  const { route, headers, receivedAt, trace } = envelope;
  return {
    stream: route.stream,
    subject: route.subjectFor(orderKey),
    entity: route.entity.name,
    messageId,
    dedupeId: messageId,
    generation: 0,
    body,
    headers,
    receivedAt,
    program: route.program,
    trace,
  };
}
