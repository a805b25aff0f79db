import type { FastifyReply } from 'fastify';
import { type Answer, problemAnswer } from './answer.ts';
import { type Problem, RETRY_AFTER_SECONDS } from './problem.ts';
import { leaveBody } from './unread-body.ts';

/** The rest of a body that is not read yet is not waited for. */
export function sendAnswer(reply: FastifyReply, { status, type, text }: Answer): FastifyReply {
  leaveBody(reply);
  if (status === 503) reply.header('retry-after', String(RETRY_AFTER_SECONDS));
  return reply.code(status).header('content-type', type).send(text);
}

export function sendProblem(reply: FastifyReply, found: Problem): FastifyReply {
  return sendAnswer(reply, problemAnswer(found));
}
