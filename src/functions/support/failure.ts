import type { Value } from '../../types/value.ts';

/** The failure of a call that has no result for these values. It rejects the message, unless a `try` around the call catches it. */
export interface Failure {
  readonly kind: 'failure';
  /** A clause that follows the function's name, without the value, which may be private: `the text is not a date`. */
  readonly reason: string;
}

export function failure(reason: string): Failure {
  return { kind: 'failure', reason };
}

export function isFailure(result: Value | Failure): result is Failure {
  return typeof result === 'object' && result !== null && 'kind' in result;
}
