import { sameNumber } from './numeral.ts';

/** How deep arrays and objects may stand in each other in one message, where its pipeline allows no less. */
export const MAX_DEPTH = 64;

/** Numbers of fewer characters without an exponent have at most 15 digits, which a double always keeps. */
const SAFE_LENGTH = 16;

/**
 * An exponent of three digits or more, perhaps inside a string. With a shorter one and at most 15 digits a number is
 * far from where doubles get thin: it keeps its digits.
 */
const GREAT_EXPONENT = /[0-9][eE][+-]?[0-9]{3}/;

/**
 * Whether a JSON text may hold what `JSON.parse` does not keep, or be deeper than `maxDepth`. False is certain; true asks for
 * `inspect`. Looks at a fraction of the characters, because it runs on every message.
 */
export function needsInspection(text: string, maxDepth: number): boolean {
  return GREAT_EXPONENT.test(text) || hasLongNumber(text) || hasManyOpenings(text, maxDepth);
}

/** A run of 16 digits and dots covers an offset of every 16. */
function hasLongNumber(text: string): boolean {
  for (let at = SAFE_LENGTH - 1; at < text.length; at += SAFE_LENGTH) {
    if (!isDigitOrDot(text, at)) continue;
    // A run of 16 that covers this offset reaches eight further on one side.
    if (!isDigitOrDot(text, at - 8) && !isDigitOrDot(text, at + 8)) continue;
    let start = at;
    while (isDigitOrDot(text, start - 1)) start--;
    let end = at + 1;
    while (isDigitOrDot(text, end)) end++;
    if (end - start >= SAFE_LENGTH) return true;
  }
  return false;
}

/** The slash between them is in no number, and in a string it only costs an inspection. */
function isDigitOrDot(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 46 && code <= 57;
}

function hasManyOpenings(text: string, max: number): boolean {
  let count = 0;
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) if (++count > max) return true;
  for (let at = text.indexOf('['); at >= 0; at = text.indexOf('[', at + 1)) if (++count > max) return true;
  return false;
}

export interface Inspection {
  readonly tooDeep: boolean;
  /** A number stands in the text whose digits a double does not keep. */
  readonly losesDigits: boolean;
}

/** Reads every character of a JSON text once; of a text that is no JSON it may say anything. */
export function inspect(text: string, maxDepth: number): Inspection {
  let depth = 0;
  let losesDigits = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) at = endOfString(text, at);
    else if (code === 123 || code === 91) {
      if (++depth > maxDepth) return { tooDeep: true, losesDigits };
    } else if (code === 125 || code === 93) depth--;
    else if (code >= 48 && code <= 57) {
      const end = endOfNumber(text, at);
      if (!losesDigits && !keepsDigits(text.slice(at, end))) losesDigits = true;
      at = end - 1;
    }
  }
  return { tooDeep: false, losesDigits };
}

/** The offset of the quote that ends the string which begins at `start`; the text's length where none does. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) return at;
    if (code === 92) at++;
  }
  return text.length;
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const inNumber =
      (code >= 48 && code <= 57) || code === 46 || code === 43 || code === 45 || (code | 32) === 101;
    if (!inNumber) break;
  }
  return at;
}

/** Whether the double nearest to a JSON number prints as the same number. */
export function keepsDigits(source: string): boolean {
  if (source.length < SAFE_LENGTH && !/[eE]/.test(source)) return true;
  return sameNumber(String(Number(source)), source);
}
