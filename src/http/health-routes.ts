import { jsonAnswer, problemAnswer } from './answer.ts';
import type { Health } from './health.ts';
import { problem } from './problem.ts';
import type { ReadRoute } from './route.ts';

/** Both words for the same question: monitors ask `/healthz`, and Kubernetes says `/livez` for it. */
const ALIVE = ['/healthz', '/livez'];

/**
 * `/healthz` and `/livez`: the process serves. `/readyz`: the role can do its job now, and is `degraded` where a person should look
 * at something; `reasons` says what, or why it cannot.
 */
export function healthRoutes({ reasons, degraded }: Health): readonly ReadRoute[] {
  return [
    ...ALIVE.map((path): ReadRoute => ({
      method: 'GET',
      path,
      underPressure: true,
      handle: () => jsonAnswer(200, '{"status":"ok"}'),
    })),
    {
      method: 'GET',
      path: '/readyz',
      underPressure: true,
      async handle() {
        const found = await reasons();
        if (found.length > 0) {
          const message = found.map((reason) => `${reason.check}: ${reason.message}`).join('; ');
          return problemAnswer(problem('not_ready', message, { reasons: found }));
        }
        const worries = await degraded();
        if (worries.length === 0) return jsonAnswer(200, '{"status":"ready"}');
        return jsonAnswer(200, JSON.stringify({ status: 'degraded', reasons: worries }));
      },
    },
  ];
}
