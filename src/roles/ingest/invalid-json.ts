import { readJson } from '../../types/json-reader.ts';
import type { Rejection } from '../../types/value.ts';
import type { Problem } from '../../http/problem.ts';
import { refusalProblem } from './refusal-problem.ts';

/** The answer to a body that is not JSON, with the place of its first fault. */
export function invalidJsonProblem(rejection: Rejection, body: Buffer): Problem {
  const answer = refusalProblem(rejection);
  const read = readJson(body.toString('utf8'));
  return read.kind === 'invalid' ? { ...answer, line: read.line, column: read.column } : answer;
}
