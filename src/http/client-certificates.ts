import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { problem } from './problem.ts';
import { sendProblem } from './send.ts';

/**
 * Whether a request came over a connection without a certificate of a known authority, and is none to an `open` path: who
 * asks whether a process lives, an orchestrator for one, seldom has a certificate.
 */
export function lacksCertificate(open: ReadonlySet<string>): (request: IncomingMessage) => boolean {
  return ({ socket, url = '' }) => {
    const { authorized } = socket as Partial<TLSSocket>;
    return authorized !== true && !open.has(url.split('?', 1)[0] ?? '');
  };
}

/** Refuses every request that lacks a certificate. */
export function requireClientCertificates(
  app: FastifyInstance,
  lacks: (request: IncomingMessage) => boolean,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!lacks(request.raw)) done();
    else
      sendProblem(
        reply,
        problem('certificate_required', 'this server takes clients with a certificate only'),
      );
  });
}
