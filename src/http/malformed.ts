import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { problemAnswer } from './answer.ts';
import { lingerAfterAnswer } from './lingering-close.ts';
import { problem, type Problem } from './problem.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Connections that end with the answer to a request that nobody can be sure to read right. */
const ending = new WeakSet<Socket>();

/** Whether nothing that this connection still brings is a request. */
export function isEnding(socket: Socket): boolean {
  return ending.has(socket);
}

export function endAfterThis(socket: Socket): void {
  ending.add(socket);
}

/**
 * Refuses a request whose end or whose server two readers may see in different places, a proxy and this one: its connection ends with the
 * answer, and nothing that follows on it is read as a request (RFC 9112, 3.2 and 6.1).
 */
export function refuseMalformed(
  onRefused: ((found: Problem) => void) | undefined,
): (serve: Listener) => Listener {
  return (serve) => (request, response) => {
    const { socket } = request;
    if (ending.has(socket)) return;
    const found = malformation(request);
    if (found === undefined) return serve(request, response);
    onRefused?.(found);
    endWith(found, response, socket);
  };
}

/** Answers with a problem as the last of a connection. */
export function endWith(found: Problem, response: ServerResponse, socket: Socket): void {
  ending.add(socket);
  lingerAfterAnswer(socket);
  const { status, type, text } = problemAnswer(found);
  const length = String(Buffer.byteLength(text));
  response
    .writeHead(status, { 'content-type': type, 'content-length': length, connection: 'close' })
    .end(text);
}

function malformation(request: IncomingMessage): Problem | undefined {
  const { headers, rawHeaders, url = '', httpVersionMajor, httpVersionMinor } = request;
  if (httpVersionMajor !== 1) return VERSION;
  const repeated = repeatedHeader(rawHeaders);
  if (repeated === 'host' || (headers.host === undefined && httpVersionMinor > 0)) return HOSTS;
  if (repeated !== undefined)
    return problem('bad_request', `the request must not have two headers ${repeated}`);
  const transfer = headers['transfer-encoding'];
  // HTTP/1.0 has no chunks: a proxy that speaks it takes them for the body.
  if (transfer !== undefined && httpVersionMinor === 0) return OLD_CHUNKS;
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked') return ENCODED;
  if (url.startsWith('/') || url === '*') return undefined;
  // A target with a server of its own counts more than the header, which the checks of names read.
  const target = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
  return target !== undefined && target.toLowerCase() !== headers.host?.toLowerCase()
    ? OTHER_HOST
    : undefined;
}

/** Of two of these one reader takes the first, and another the last or both. Node itself refuses a second Content-Length. */
const ONCE = ['host', 'content-type', 'authorization', 'idempotency-key'];
/** Most other names have none of these lengths, and need no look. */
const LENGTHS: ReadonlySet<number> = new Set(ONCE.map(({ length }) => length));

/** The first of these that a request has twice, in small letters. */
function repeatedHeader(rawHeaders: readonly string[]): string | undefined {
  let seen = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const found = rawHeaders[at] ?? '';
    if (!LENGTHS.has(found.length)) continue;
    const name = found.toLowerCase();
    const index = ONCE.indexOf(name);
    if (index < 0) continue;
    if ((seen & (1 << index)) !== 0) return name;
    seen |= 1 << index;
  }
  return undefined;
}

const VERSION = problem('bad_request', 'the request must be HTTP/1.1 or HTTP/1.0');
const OLD_CHUNKS = problem('bad_request', 'a request of HTTP/1.0 must not have a Transfer-Encoding');
const HOSTS = problem('bad_request', 'the request must have one Host header');
const OTHER_HOST = problem(
  'bad_request',
  'the target of the request names another host than the Host header',
);
const ENCODED = problem('unsupported_media_type', 'the body must not be compressed (Transfer-Encoding)');
