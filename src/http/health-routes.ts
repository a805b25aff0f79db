import type { FastifyInstance } from 'fastify';
import type { Reason } from '../roles/readiness/ask-servers.ts';
import { ANSWERED_UNDER_PRESSURE } from './pressure.ts';
import { problem } from './problem.ts';
import { sendJson, sendProblem } from './fastify.ts';

export interface Health {
  /** Why no message is taken now. */
  readonly reasons: () => Promise<readonly Reason[]>;
  /** What a person should look at, although messages are taken. */
  readonly degraded: () => Promise<readonly Reason[]>;
}

/**
 * `/healthz`: the process serves. `/readyz`: it would take a message now, and is `degraded` where a person should look
 * at something; `reasons` says what, or why it takes none.
 */
export function addHealthRoutes(app: FastifyInstance, { reasons, degraded }: Health): void {
  const answered = { config: ANSWERED_UNDER_PRESSURE };
  app.get('/healthz', answered, (_request, reply) => sendJson(reply, 200, '{"status":"ok"}'));
  app.get('/readyz', answered, async (_request, reply) => {
    const found = await reasons();
    if (found.length > 0) {
      const message = found.map((reason) => `${reason.check}: ${reason.message}`).join('; ');
      return sendProblem(reply, problem('not_ready', message, { reasons: found }));
    }
    const worries = await degraded();
    if (worries.length === 0) return sendJson(reply, 200, '{"status":"ready"}');
    return sendJson(reply, 200, JSON.stringify({ status: 'degraded', reasons: worries }));
  });
}
