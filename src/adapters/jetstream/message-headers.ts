import { createHash } from 'node:crypto';
import type { StoredMsg } from '@nats-io/jetstream';
import type { Msg, MsgHdrs, MsgHdrsImpl } from '@nats-io/transport-node';
import type { Outgoing } from '../../ports/queue.ts';
import { type TraceContext, traceContextOf } from '../../ports/trace-context.ts';
import { eachHeader, START } from './header-fields.ts';

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

/**
 * The headers as NATS writes them. Throws where one has a line end, or its name a character that names do not have.
 *
 * The client's own headers spell each name anew, make a list for each value and look through all names for each of them: 4 µs
 * for a message, of 50 that a batch takes for it.
 */
export function headerBlock(message: Outgoing): string {
  const { dedupeId, stream, messageId, receivedAt, generation, program, trace } = message;
  let block = START + line(DEDUPE_ID, dedupeId) + line(EXPECTED_STREAM, stream);
  if (dedupeId !== messageId) block += line(MESSAGE_ID, messageId);
  block += line(RECEIVED_AT, String(receivedAt));
  if (generation !== 0) block += line(GENERATION, String(generation));
  if (program !== undefined) block += line(PROGRAM, program);
  if (trace !== undefined) {
    block += line(TRACEPARENT, trace.parent);
    if (trace.state !== undefined) block += line(TRACESTATE, trace.state);
  }
  for (const name of Object.keys(message.headers)) {
    if (!NAME.test(name)) throw new Error(`no header can have the name ${JSON.stringify(name)}`);
    block += line(REQUEST_HEADER + name, encodeURIComponent((message.headers[name] ?? '').toWellFormed()));
  }
  return block + LINE_END;
}

/** The client asks headers for nothing but their bytes when it publishes. */
export function encodeHeaders(message: Outgoing): MsgHdrs & Pick<MsgHdrsImpl, 'encode'> {
  const bytes = Buffer.from(headerBlock(message));
  const encoded: Pick<MsgHdrsImpl, 'encode'> = { encode: () => bytes };
  return encoded as MsgHdrsImpl;
}

const LINE_END = '\r\n';
const LINE_ENDS = /[\r\n]/;
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;

function line(name: string, value: string): string {
  if (LINE_ENDS.test(value)) throw new Error(`the value of the header ${name} has a line end`);
  return `${name}: ${value}${LINE_END}`;
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
 * is a UUID already; only then is the place asked for.
 */
export function decodeHeaders(message: Msg, storedAt: () => StoredAt): MessageFacts {
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
    messageId: UUID.test(ownId) ? ownId.toLowerCase() : foreignId(storedAt()),
    receivedAt: DIGITS.test(receivedAt) ? Number(receivedAt) : Math.floor(Number(storedAt().timestamp) / 1e6),
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
