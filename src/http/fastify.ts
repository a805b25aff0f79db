import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { Log } from '../ports/log.ts';
import { allowOrigin, answerPreflight, type Origins } from './auth/origins.ts';
import type { Doorway } from './auth/doorway.ts';
import type { GateOptions } from './auth/gate.ts';
import type { BodyError } from './body-reader.ts';
import { closeOnlyAnswered } from './idle-connections.ts';
import { lingerAfterAnswer } from './lingering-close.ts';
import { endAfterThis, endWith, isEnding, refuseMalformed } from './malformed.ts';
import { NO_SCHEMAS } from './no-schemas.ts';
import { createServer, createTlsServer } from './node-http.ts';
import { type Pipelining, pipelining } from './pipelining.ts';
import { problem, type Problem, PROBLEM_TYPE, type ProblemCode } from './problem.ts';
import { sendProblem } from './send.ts';
import { shedOverload } from './shed-overload.ts';
import { holdContinue, leaveBody } from './unread-body.ts';

/** Milliseconds. Fastify's own defaults are "no limit" for a request and a connection. */
const TIMEOUTS = {
  /** The headers of a request. */
  headers: 10_000,
  /** A whole request, from its first byte to its last. */
  request: 60_000,
  /** A connection on which nothing moves, unless a slow request of it is worked on. */
  connection: 90_000,
  /** A connection between two requests; longer than the 60 s after which load balancers let go of theirs. */
  keepAlive: 65_000,
  /** How often Node looks for requests that are late. */
  check: 2_000,
};

/** What makes it an HTTPS server. */
export type TlsServerOptions = Pick<
  TlsOptions,
  'cert' | 'key' | 'ca' | 'minVersion' | 'requestCert' | 'rejectUnauthorized' | 'handshakeTimeout'
>;

/**
 * An HTTP server without routes, which reads no bodies by itself; every error answer is a `Problem`. `methodsOf` gives the
 * methods of a path that some route has; pages of `origins` may use it. A connection ends when nothing moved on it for `silence` milliseconds.
 */
export function createFastify(
  log: Log,
  methodsOf: (path: string) => string | undefined,
  { origins, onRefused }: Pick<GateOptions, 'origins' | 'onRefused'>,
  arrive: Doorway['arrive'],
  silence: number = TIMEOUTS.connection,
  tls?: TlsServerOptions,
): FastifyInstance {
  const http = {
    connectionsCheckingInterval: TIMEOUTS.check,
    headersTimeout: TIMEOUTS.headers,
    // Node would answer without a body.
    requireHostHeader: false,
  };
  const wellFormed = refuseMalformed(onRefused);
  const { inLine, whenAnswered, hasAnswers } = pipelining();
  const shed = shedOverload(arrive, onRefused);
  // With a server of our own, Fastify sets no times.
  const makeServer = (handle: (request: IncomingMessage, response: ServerResponse) => void): Server => {
    const listener = wellFormed(inLine(shed(handle)));
    const server =
      tls === undefined
        ? createServer(http, listener)
        : createTlsServer({ ...http, handshakeTimeout: TIMEOUTS.headers, ...tls }, listener);
    server.requestTimeout = TIMEOUTS.request;
    server.keepAliveTimeout = TIMEOUTS.keepAlive;
    server.setTimeout(silence);
    closeOnlyAnswered(server, hasAnswers);
    server.on('connect', refuseTunnel(onRefused, whenAnswered));
    // An answer to it would wait for the end of a handshake that never comes, and keep the connection.
    server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
    return server;
  };
  const app = Fastify({
    logger: false,
    serverFactory: makeServer,
    // So that it says https where it tells the address.
    ...(tls === undefined ? {} : { https: {} }),
    requestIdHeader: false,
    schemaController: NO_SCHEMAS,
    // While it stops, the server answers in its own format.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 256 },
    frameworkErrors(error, _request, reply) {
      answerError(error, reply, log);
    },
    clientErrorHandler: answerNoHttp(onRefused, whenAnswered),
  });
  app.removeAllContentTypeParsers();
  const refuseExpectation = ({ socket }: IncomingMessage, response: ServerResponse) => {
    const found = problem('expectation_failed', 'only 100-continue can be expected');
    onRefused?.(found);
    endWith(found, response, socket);
  };
  app.server.on('checkExpectation', refuseExpectation);
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // Node looks for it among others.
    if (request.headers.expect?.toLowerCase() !== '100-continue') return refuseExpectation(request, response);
    holdContinue(request, response);
    app.server.emit('request', request, response);
  });
  app.setErrorHandler((error: FastifyError, _request, reply) => answerError(error, reply, log));
  app.addHook('onRequest', (request, reply, done) => {
    allowOrigin(origins, request, reply);
    // Nobody reads the body of these: the first has no route, the other needs none.
    if (request.is404) answerUnknown(request, methodsOf, origins, reply);
    else {
      if (request.method !== 'POST') leaveBody(reply);
      done();
    }
  });
  return app;
}

function answerUnknown(
  request: FastifyRequest,
  methodsOf: (path: string) => string | undefined,
  origins: Origins,
  reply: FastifyReply,
): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? '';
  const methods = methodsOf(path);
  if (methods === undefined)
    return sendProblem(reply, problem('unknown_route', `there is no ${shortened(path)}`));
  const answered = answerPreflight(origins, methods, request, reply);
  if (answered !== undefined) return answered;
  const message = `${path} takes ${methods}, not ${request.method}`;
  return sendProblem(reply.header('allow', methods), problem('method_not_allowed', message));
}

/** A path may be as long as all headers. */
function shortened(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path;
}

/** Fastify's own errors in our words; anything else is a bug, told to the log without a word of the request. */
function answerError(error: FastifyError, reply: FastifyReply, log: Log): FastifyReply {
  if ('problem' in error) return sendProblem(reply, (error as BodyError).problem);
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return sendProblem(reply, problem('unsupported_media_type', 'the Content-Type is not a media type'));
    // Their own texts repeat the whole path.
    case 'FST_ERR_BAD_URL':
      return sendProblem(reply, problem('bad_request', 'the path is not a valid URL'));
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return sendProblem(reply, problem('bad_request', 'a part of the path is too long'));
    default: {
      if (error.statusCode !== undefined && error.statusCode < 500) {
        return sendProblem(reply, problem('bad_request', 'the request cannot be read'));
      }
      // The message of an error may quote what it was thrown over.
      const stack = error.stack?.split('\n').filter((line) => line.startsWith('    at '));
      log.error({ name: error.name, code: error.code, stack }, 'a request failed');
      return sendProblem(reply, problem('internal', 'the server failed on this request; see its log'));
    }
  }
}

const CLIENT_ERRORS: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'the request did not arrive in time'],
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'the headers are too large'],
};

/** What is not HTTP, or too slow, never becomes a request: the answer is written by hand. */
function answerNoHttp(
  onRefused: GateOptions['onRefused'],
  whenAnswered: Pipelining['whenAnswered'],
): (error: Error & { readonly code?: string }, socket: Socket) => void {
  return (error, socket) => {
    if (isEnding(socket)) return;
    endAfterThis(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const [code, message] = CLIENT_ERRORS[error.code ?? ''] ?? [
      'bad_request',
      'the request is not valid HTTP',
    ];
    const found = problem(code, message);
    // A client that never said anything asked for nothing.
    if (socket.bytesRead > 0) onRefused?.(found);
    writeLast(found, socket, whenAnswered);
  };
}

/** No proxy: Node would end the connection without a word. */
function refuseTunnel(
  onRefused: GateOptions['onRefused'],
  whenAnswered: Pipelining['whenAnswered'],
): (request: IncomingMessage, socket: Socket) => void {
  return (_request, socket) => {
    socket.on('error', () => socket.destroy());
    if (isEnding(socket)) return;
    endAfterThis(socket);
    const found = problem('method_not_allowed', 'this server is no proxy and takes no CONNECT');
    onRefused?.(found);
    writeLast(found, socket, whenAnswered);
  };
}

/** Answers by hand, as the last of the connection. */
function writeLast(found: Problem, socket: Socket, whenAnswered: Pipelining['whenAnswered']): void {
  const body = JSON.stringify(found);
  // The requests before it may have been accepted: each of them has an answer of its own.
  whenAnswered(socket, () => {
    socket.write(
      `HTTP/1.1 ${found.status} ${found.title}\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
    lingerAfterAnswer(socket);
    socket.destroySoon();
  });
}
