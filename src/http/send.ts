import type { FastifyReply } from 'fastify';
import { type Answer, problemAnswer } from './answer.ts';
import type { Problem } from './problem.ts';
import type { BodyRoute, RouteRequest } from './route.ts';
import { leaveBody } from './unread-body.ts';

/** What a route leaves in its `config` for those who answer in its place. */
export interface RefusalConfig {
  readonly onRefused?: NonNullable<BodyRoute['onRefused']>;
}

/** The rest of a body that is not read yet is not waited for. */
export function sendAnswer(reply: FastifyReply, { status, type, text, headers }: Answer): FastifyReply {
  leaveBody(reply);
  if (headers !== undefined) reply.headers(headers);
  return reply.code(status).header('content-type', type).send(text);
}

/** A refusal of the server itself; the route hears of it, where it wants to. */
export function sendProblem(reply: FastifyReply, found: Problem): FastifyReply {
  const { request } = reply;
  // A request that was no HTTP has no route.
  const config = request.routeOptions.config as RefusalConfig | undefined;
  config?.onRefused?.(request.params as RouteRequest['params'], found);
  return sendAnswer(reply, problemAnswer(found));
}
