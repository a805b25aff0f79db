import type { FastifyInstance } from 'fastify';
import type { Reason } from './health.ts';
import { ANSWERED_UNDER_PRESSURE } from './pressure.ts';
import { problem } from './problem.ts';
import { sendJson, sendProblem } from './server.ts';

/** `/healthz`: the process serves. `/readyz`: it would take a message now; `reasons` says why not. */
export function addHealthRoutes(app: FastifyInstance, reasons: () => Promise<readonly Reason[]>): void {
  const answered = { config: ANSWERED_UNDER_PRESSURE };
  app.get('/healthz', answered, (_request, reply) => sendJson(reply, 200, '{"status":"ok"}'));
  app.get('/readyz', answered, async (_request, reply) => {
    const found = await reasons();
    if (found.length === 0) return sendJson(reply, 200, '{"status":"ready"}');
    const message = found.map((reason) => `${reason.check}: ${reason.message}`).join('; ');
    return sendProblem(reply, problem('not_ready', message, { reasons: found }));
  });
}
