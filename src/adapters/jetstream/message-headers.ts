import { createHash } from 'node:crypto';
import type { StoredMsg } from '@nats-io/jetstream';
import { headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import type { Outgoing } from '../../ports/queue.ts';
import { type TraceContext, traceContextOf } from '../../ports/trace-context.ts';
import { eachHeader } from './header-fields.ts';

/*
 * What a message carries besides its body. The server reads the `Nats-` headers; a value of ours is a UUID, a number,
 * or percent-encoded text: NATS trims values and refuses line ends, and nothing of a request header may be lost.
 */
const DEDUPE_ID = 'Nats-Msg-Id';
const EXPECTED_STREAM = 'Nats-Expected-Stream';
/** Left out where the dedupe id is the message id: for all but replays and dead letters. */
const MESSAGE_ID = 'Nomnom-Message-Id';
const RECEIVED_AT = 'Nomnom-Received-At';
/** Left out for the first generation. */
const GENERATION = 'Nomnom-Generation';
/** The fingerprint of the program that accepted the message. */
const PROGRAM = 'Nomnom-Program';
/** As everybody names them who traces over NATS. */
const TRACEPARENT = 'traceparent';
const TRACESTATE = 'tracestate';
const REQUEST_HEADER = 'Nomnom-Header-';

export function encodeHeaders(message: Outgoing): MsgHdrs {
  const encoded = headers();
  encoded.append(DEDUPE_ID, message.dedupeId);
  encoded.append(EXPECTED_STREAM, message.stream);
  if (message.dedupeId !== message.messageId) encoded.append(MESSAGE_ID, message.messageId);
  encoded.append(RECEIVED_AT, String(message.receivedAt));
  if (message.generation !== 0) encoded.append(GENERATION, String(message.generation));
  if (message.program !== undefined) encoded.append(PROGRAM, message.program);
  if (message.trace !== undefined) {
    encoded.append(TRACEPARENT, message.trace.parent);
    if (message.trace.state !== undefined) encoded.append(TRACESTATE, message.trace.state);
  }
  for (const [name, value] of Object.entries(message.headers)) {
    encoded.append(REQUEST_HEADER + name, encodeURIComponent(value.toWellFormed()));
  }
  return encoded;
}

/** What is known of a delivered message; all of it is the same each time the message is delivered. */
export interface MessageFacts {
  readonly messageId: string;
  readonly generation: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAt: number;
  readonly program: string | undefined;
  readonly trace: TraceContext | undefined;
}

/** Where the stream keeps the message. */
export interface StoredAt {
  readonly stream: string;
  /** Decimal digits. */
  readonly sequence: string;
  /** When it was stored, nanoseconds since the epoch, decimal digits. */
  readonly timestamp: string;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const FINGERPRINT = /^[\w-]{1,64}$/;
const DIGITS = /^[0-9]{1,15}$/;
const NONE: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Reads our headers. A message that somebody else published gets what its place in the stream says, but for an id that
 * is a UUID already.
 */
export function decodeHeaders(message: Msg, at: StoredAt): MessageFacts {
  let messageId = '';
  let dedupeId = '';
  let receivedAt = '';
  let generation = 0;
  let program: string | undefined;
  let traceparent: string | undefined;
  let tracestate: string | undefined;
  let requestHeaders: Record<string, string> | undefined;
  eachHeader(message, (name, value) => {
    // Of a header that is there twice the first counts, as for the server.
    if (name === DEDUPE_ID) dedupeId ||= value;
    else if (name === MESSAGE_ID) messageId ||= value;
    else if (name === RECEIVED_AT) receivedAt ||= value;
    else if (name === GENERATION) generation = DIGITS.test(value) ? Number(value) : 0;
    else if (name === PROGRAM) program = FINGERPRINT.test(value) ? value : undefined;
    else if (name === TRACEPARENT) traceparent ??= value;
    else if (name === TRACESTATE) tracestate ??= value;
    else if (name.startsWith(REQUEST_HEADER)) {
      requestHeaders ??= Object.create(null) as Record<string, string>;
      requestHeaders[name.slice(REQUEST_HEADER.length).toLowerCase()] = decodeText(value);
    }
  });
  const ownId = messageId === '' ? dedupeId : messageId;
  return {
    messageId: UUID.test(ownId) ? ownId.toLowerCase() : foreignId(at),
    receivedAt: DIGITS.test(receivedAt) ? Number(receivedAt) : Math.floor(Number(at.timestamp) / 1e6),
    generation,
    program,
    trace: traceparent === undefined ? undefined : traceContextOf(traceparent, tracestate),
    headers: requestHeaders ?? NONE,
  };
}

/** When a message that lies in its stream was accepted, milliseconds since the epoch. */
export function receivedAtOf(message: StoredMsg): number {
  const receivedAt = message.header.get(RECEIVED_AT);
  return DIGITS.test(receivedAt) ? Number(receivedAt) : message.time.getTime();
}

function decodeText(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/**
 * A UUID (version 8) from the place of a message. The time is part of it because a stream that was deleted and made
 * anew counts from 1 again, and its messages are not those of the old one.
 */
export function foreignId({ stream, sequence, timestamp }: StoredAt): string {
  const hash = createHash('sha256').update(`${stream} ${sequence} ${timestamp}`).digest('hex');
  const variant = (8 + (Number.parseInt(hash[16] ?? '0', 16) % 4)).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ].join('-');
}
