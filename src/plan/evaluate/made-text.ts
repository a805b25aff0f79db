import { LONGEST_TEXT } from '../../functions/support/long-text.ts';
import type { Value } from '../../types/value.ts';
import { MessageRejected } from './frame.ts';

/**
 * Characters, in UTF-16, of all texts together that functions may make of one message. Without this limit a message of a few
 * kilobytes makes gigabytes: some calls multiply a text, and hundreds of fields or thousands of rows do it again.
 */
export const MOST_MADE_TEXT = 4 * LONGEST_TEXT;

/**
 * Of the message that is evaluated now: evaluation is synchronous, so it is one at a time. Outside of a message nothing is counted, because
 * the constants of a program are its author's.
 */
let left = Infinity;

/** Runs the evaluation of one message, and gives its result with the number of characters that functions made. */
export function countingText<T>(evaluate: () => T): { readonly result: T; readonly made: number } {
  left = MOST_MADE_TEXT;
  try {
    const result = evaluate();
    return { result, made: MOST_MADE_TEXT - left };
  } finally {
    left = Infinity;
  }
}

/** The message has made too much text: whatever else of it is computed makes more. */
export function isTextSpent(): boolean {
  return left < 0;
}

/** What an element of a list takes beside its characters, counted as characters. */
const ELEMENT = 16;

/** The result of a call, once its characters are counted. */
export function counted(value: Value): Value {
  if (typeof value === 'string') left -= value.length;
  else if (typeof value === 'object' && value !== null)
    for (const element of value) left -= ELEMENT + (typeof element === 'string' ? element.length : 0);
  if (left < 0) throw tooMuch();
  return value;
}

function tooMuch(): MessageRejected {
  return new MessageRejected(
    'too_long',
    `expected functions to make at most ${MOST_MADE_TEXT} characters of text from one message, found more`,
  );
}
