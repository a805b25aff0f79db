import { type Problem, PROBLEM_TYPE } from './problem.ts';

/** What a route answers, as plain data: the server sends it. */
export interface Answer {
  readonly status: number;
  /** The content type. */
  readonly type: string;
  readonly text: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** An answer of JSON that is already text. */
export function jsonAnswer(status: number, text: string): Answer {
  return { status, type: JSON_TYPE, text };
}

export function problemAnswer(found: Problem): Answer {
  return { status: found.status, type: PROBLEM_TYPE, text: JSON.stringify(found) };
}
