import { STATUS_CODES } from 'node:http';
import type { Rejection, RejectionCode } from '../types/value.ts';
import { shortText } from '../roles/ingest/short-text.ts';

/** Every code of an error answer that is not the plain refusal of a message (which is 422), with its HTTP status. */
export const PROBLEM_STATUS = {
  bad_request: 400,
  invalid_json: 400,
  invalid_utf8: 400,
  invalid_header: 400,
  invalid_idempotency_key: 400,
  invalid_message_id: 400,
  batch_of_raw: 400,
  unknown_route: 404,
  unknown_entity: 404,
  unknown_message: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  too_large: 413,
  unsupported_media_type: 415,
  idempotency_key_reused: 422,
  headers_too_large: 431,
  internal: 500,
  queue_full: 503,
  queue_unavailable: 503,
  queue_misconfigured: 503,
  too_busy: 503,
  not_ready: 503,
  stopping: 503,
  store_unavailable: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUS | RejectionCode;

/** Seconds after which a client may ask again, for every 503. */
export const RETRY_AFTER_SECONDS = 1;

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/**
 * An error answer, as its JSON body: RFC 9457 with `status` and `title`, and the members that a refused message
 * has everywhere in nomnom. `pointer` is RFC 6901 into the body, empty for the whole of it.
 */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly code: ProblemCode;
  readonly entity?: string;
  readonly field?: string;
  readonly pointer: string;
  readonly message: string;
  readonly [member: string]: unknown;
}

export function problem(
  code: ProblemCode,
  message: string,
  members: Readonly<Record<string, unknown>> = {},
): Problem {
  const status = statusOf(code);
  return { status, title: STATUS_CODES[status] ?? '', code, pointer: '', message, ...members };
}

/** The answer to a message that the entity refuses. */
export function refusalProblem(rejection: Rejection): Problem {
  const { code, entity, field, pointer, message } = rejection;
  return problem(code, shortText(message), { entity, field, pointer: shortText(pointer) });
}

function statusOf(code: ProblemCode): number {
  return code in PROBLEM_STATUS ? PROBLEM_STATUS[code as keyof typeof PROBLEM_STATUS] : 422;
}
