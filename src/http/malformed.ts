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
  const { headers, rawHeaders, url = '', httpVersionMinor } = request;
  const hosts = countOfHosts(rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersionMinor > 0)) return HOSTS;
  const transfer = headers['transfer-encoding'];
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked') return ENCODED;
  if (url.startsWith('/') || url === '*') return undefined;
  // A target with a server of its own counts more than the header, which the checks of names read.
  const target = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
  return target !== undefined && target.toLowerCase() !== headers.host?.toLowerCase()
    ? OTHER_HOST
    : undefined;
}

function countOfHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

const HOSTS = problem('bad_request', 'the request must have one Host header');
const OTHER_HOST = problem(
  'bad_request',
  'the target of the request names another host than the Host header',
);
const ENCODED = problem('unsupported_media_type', 'the body must not be compressed (Transfer-Encoding)');
