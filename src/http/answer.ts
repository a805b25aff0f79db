import { type Problem, PROBLEM_TYPE, RETRY_AFTER_SECONDS } from './problem.ts';

/** What a route answers, as plain data: the server sends it. */
export interface Answer {
  readonly status: number;
  /** The content type. */
  readonly type: string;
  readonly text: string;
  /** Further headers by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** An answer of JSON that is already text. */
export function jsonAnswer(status: number, text: string): Answer {
  return { status, type: JSON_TYPE, text };
}

export function problemAnswer(found: Problem): Answer {
  const answer = { status: found.status, type: PROBLEM_TYPE, text: JSON.stringify(found) };
  const headers = headersOf(found);
  return headers === undefined ? answer : { ...answer, headers };
}

/** What a client is told by a header: when to come again (RFC 9110, 10.2.3), or how to prove who it is (RFC 6750, 3). */
function headersOf({ status, retry_after: seconds }: Problem): Answer['headers'] {
  if (status === 401) return { 'www-authenticate': 'Bearer realm="nomnom"' };
  if (status === 503) return { 'retry-after': String(RETRY_AFTER_SECONDS) };
  return status === 429 && typeof seconds === 'number' ? { 'retry-after': String(seconds) } : undefined;
}
