import type { FastifyReply } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { announcesBody } from './body-reader.ts';
import { lingerAfterAnswer } from './lingering-close.ts';

/** Bytes of a body that is on its way already: reading it costs less than a new connection of a client that comes again. */
const SMALL = 16 * 1024;
/** Milliseconds for the rest of such a body. */
const REST_WITHIN = 5_000;

/** Requests whose client waits for `100 Continue` before it sends its body. */
const waiting = new WeakMap<IncomingMessage, ServerResponse>();

/** Remembers that the client of this request waits, as `Expect: 100-continue` says. */
export function holdContinue(request: IncomingMessage, response: ServerResponse): void {
  waiting.set(request, response);
}

/** Asks for the body of a client that waits: everything that can be refused without it is not. */
export function sendContinue(request: IncomingMessage): void {
  if (request.headers.expect === undefined) return;
  waiting.get(request)?.writeContinue();
  waiting.delete(request);
}

/**
 * Called before an answer: where the body of the request is not read to its end, its rest is not waited for. The
 * connection ends with the answer, unless the rest is small.
 */
export function leaveBody(reply: FastifyReply): void {
  const untouched = reply.getHeader('connection') === undefined;
  if (endsConnection(reply.request.raw, untouched)) reply.header('connection', 'close');
}

/** The same for an answer without a reply: gives whether it has to say `connection: close`. */
export function endsConnection(raw: IncomingMessage, staysOpen: boolean): boolean {
  if (raw.complete || raw.destroyed || !announcesBody(raw.headers)) return false;
  const announced = Number(raw.headers['content-length'] ?? Infinity);
  const { socket } = raw;
  if (staysOpen && announced <= SMALL && raw.headers.expect === undefined) {
    const timer = setTimeout(() => socket.destroy(), REST_WITHIN).unref();
    raw.once('close', () => clearTimeout(timer));
    return false;
  }
  lingerAfterAnswer(socket);
  return true;
}
