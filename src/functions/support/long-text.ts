import { noResult, type NoResult } from './no-result.ts';

/**
 * Characters of the text that a call may make, in UTF-16: a few calls in a row make hundreds of megabytes of a small message,
 * and the engine ends the process for a text of half a gigabyte.
 */
export const LONGEST_TEXT = 16 * 1024 * 1024;

/** For the reference. */
export const FAILS_LONG = 'the text would have more than 16,777,216 characters';

const TOO_LONG = noResult(FAILS_LONG);

/** The text of a call that would have this many characters, unless these are too many. */
export function unlessTooLong(length: number, text: () => string): string | NoResult {
  return length > LONGEST_TEXT ? TOO_LONG : text();
}
