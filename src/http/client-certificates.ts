import type { FastifyInstance } from 'fastify';
import type { TLSSocket } from 'node:tls';
import { problem } from './problem.ts';
import { sendProblem } from './send.ts';

/**
 * Refuses every request of a connection without a certificate of a known authority, but for those to `open` paths: who
 * asks whether a process lives, an orchestrator for one, seldom has a certificate.
 */
export function requireClientCertificates(app: FastifyInstance, open: ReadonlySet<string>): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { authorized } = request.raw.socket as Partial<TLSSocket>;
    if (authorized === true || open.has(request.url.split('?', 1)[0] ?? '')) done();
    else
      sendProblem(
        reply,
        problem('certificate_required', 'this server takes clients with a certificate only'),
      );
  });
}
