import { STATUS_CODES } from './node-http.ts';

/** Every code of an error answer, with its HTTP status; besides these stand the codes of refused messages (422). */
export const PROBLEM_STATUS = {
  bad_request: 400,
  invalid_json: 400,
  invalid_utf8: 400,
  invalid_header: 400,
  invalid_idempotency_key: 400,
  invalid_message_id: 400,
  batch_of_raw: 400,
  batch_of_signed: 400,
  bad_signature: 401,
  certificate_required: 403,
  unauthorized: 401,
  forbidden: 403,
  origin_not_allowed: 403,
  host_not_allowed: 403,
  unknown_route: 404,
  unknown_entity: 404,
  unknown_message: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  too_large: 413,
  unsupported_media_type: 415,
  expectation_failed: 417,
  idempotency_key_reused: 422,
  rate_limited: 429,
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

export type ProblemCode = keyof typeof PROBLEM_STATUS;

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
  /** One of `ProblemCode`, or the code of a refused message. */
  readonly code: string;
  readonly entity?: string;
  readonly field?: string;
  readonly pointer: string;
  readonly message: string;
  readonly [member: string]: unknown;
}

export function problem(code: ProblemCode, message: string, members: Members = {}): Problem {
  return problemOf(code, message, members);
}

type Members = Readonly<Record<string, unknown>>;

/** A code that the table does not have is the code of a refused message: 422. */
export function problemOf(code: string, message: string, members: Members): Problem {
  const status = Object.hasOwn(PROBLEM_STATUS, code) ? PROBLEM_STATUS[code as ProblemCode] : 422;
  return { status, title: STATUS_CODES[status] ?? '', code, pointer: '', message, ...members };
}
