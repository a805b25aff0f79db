import type { FastifyReply } from 'fastify';
import { type Answer, problemAnswer } from './answer.ts';
import type { Problem } from './problem.ts';
import { leaveBody } from './unread-body.ts';

/** The rest of a body that is not read yet is not waited for. */
export function sendAnswer(reply: FastifyReply, { status, type, text, headers }: Answer): FastifyReply {
  leaveBody(reply);
  if (headers !== undefined) reply.headers(headers);
  return reply.code(status).header('content-type', type).send(text);
}

export function sendProblem(reply: FastifyReply, found: Problem): FastifyReply {
  return sendAnswer(reply, problemAnswer(found));
}
