import type { Value } from '../../types/value.ts';

/** What a call gives that has no result for these values. It rejects the message, unless a `try` around the call catches it. */
export interface NoResult {
  readonly kind: 'no-result';
  /** A clause that follows the function's name, without the value, which may be private: `the text is not a date`. */
  readonly reason: string;
}

export function noResult(reason: string): NoResult {
  return { kind: 'no-result', reason };
}

export function isNoResult(result: Value | NoResult): result is NoResult {
  return typeof result === 'object' && result !== null && 'kind' in result;
}
