import { type Problem, problemOf } from '../../http/problem.ts';
import type { Rejection } from '../../types/value.ts';
import { shortFaults } from './short-faults.ts';
import { shortText } from './short-text.ts';

/** The answer to a message that the entity refuses. */
export function refusalProblem(rejection: Rejection): Problem {
  const { code, entity, field, pointer, message } = rejection;
  return problemOf(code, shortText(message), {
    ...{ entity, field, pointer: shortText(pointer) },
    ...shortFaults(rejection),
  });
}
