import type { Value } from '../../types/value.ts';

/** A call that has no result for these values: it rejects the message, unless a `try` around it catches that. */
export interface Failure {
  readonly kind: 'failure';
  /** A clause that follows the function's name, without the value, which may be private: `the text is no date`. */
  readonly reason: string;
}

export function failure(reason: string): Failure {
  return { kind: 'failure', reason };
}

export function isFailure(result: Value | Failure): result is Failure {
  return typeof result === 'object' && result !== null && 'kind' in result;
}
