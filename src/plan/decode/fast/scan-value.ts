import { BYTES as sharedBytes, VIEW as sharedView } from './message-bytes.ts';

const BYTES = sharedBytes;
const VIEW = sharedView;

/*
 * Each of these takes the offset at which a value begins, and gives that of what follows it; `NONE` where the value is not of this kind or
 * not written so. `stored` is the spelling in which `JSON.stringify` writes what was read (see `Spelling`).
 */

export const NONE = -1;

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const UPPER_E = 69;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const LOWER_E = 101;
const LOWER_U = 117;
const BLANK = 32;

/** `null`, `true` and the last four letters of `false`, as the four bytes of a little-endian number. */
const NULL = 0x6c6c756e;
const TRUE = 0x65757274;
const ALSE = 0x65736c61;

export function isNullAt(at: number): boolean {
  return VIEW.getInt32(at, true) === NULL;
}

export function isTrueAt(at: number): boolean {
  return VIEW.getInt32(at, true) === TRUE;
}

export function isFalseAt(at: number): boolean {
  return BYTES[at] === 102 && VIEW.getInt32(at + 1, true) === ALSE;
}

/**
 * The offset of the quote that ends a string, whose first character is at `at`; as `~offset`, which is negative, where an escape stands in the
 * string.
 */
export function quoteAt(start: number, stored: boolean): number {
  let at = start;
  while (isPlainWord(VIEW.getInt32(at, true))) at += 4;
  for (;;) {
    const code = BYTES[at] as number;
    if (code === QUOTE) return at;
    if (code < BLANK) return NONE;
    if (code === BACKSLASH) return escapedQuoteAt(at, stored);
    at += 1;
  }
}

const ONES = 0x01010101;
const HIGH_BITS = 0x80808080 | 0;
const BLANKS = 0x20202020;
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;

/** Whether none of four bytes is a quote, a backslash or a control character; also false for some others. */
function isPlainWord(word: number): boolean {
  const quotes = word ^ QUOTES;
  const backslashes = word ^ BACKSLASHES;
  return (((word - BLANKS) | (quotes - ONES) | (backslashes - ONES) | word) & HIGH_BITS) === 0;
}

function escapedQuoteAt(at: number, stored: boolean): number {
  for (;;) {
    const code = BYTES[at] as number;
    if (code === QUOTE) return ~at;
    if (code < BLANK) return NONE;
    if (code === BACKSLASH) {
      at = escapeEnd(at + 1, stored);
      if (at < 0) return NONE;
    } else at += 1;
  }
}

/** What may stand behind a backslash, by its code. */
const isShortEscape = new Uint8Array(256);
for (const letter of '"\\bfnrt') isShortEscape[letter.charCodeAt(0)] = 1;
const SLASH = 47;

/** `at` is behind the backslash. */
function escapeEnd(at: number, stored: boolean): number {
  const code = BYTES[at] as number;
  if (isShortEscape[code] === 1) return at + 1;
  if (stored) return NONE;
  if (code === SLASH) return at + 1;
  if (code !== LOWER_U) return NONE;
  for (let each = 1; each <= 4; each += 1) if (!isHexDigit(BYTES[at + each] as number)) return NONE;
  return at + 5;
}

function isHexDigit(code: number): boolean {
  if (isDigit(code)) return true;
  const lower = code | 32;
  return lower >= 97 && lower <= 102;
}

export function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function digitsEnd(at: number): number {
  let end = at;
  while (isDigit(BYTES[end] as number)) end += 1;
  return end;
}

/** A number without an exponent. */
function plainNumberEnd(start: number): number {
  const at = BYTES[start] === MINUS ? start + 1 : start;
  const end = BYTES[at] === ZERO ? at + 1 : digitsEnd(at);
  if (end === at) return NONE;
  if (BYTES[end] !== DOT) return end;
  const last = digitsEnd(end + 1);
  return last === end + 1 ? NONE : last;
}

function numberEnd(start: number, stored: boolean): number {
  const end = plainNumberEnd(start);
  if (end < 0) return NONE;
  if (stored) return isStoredNumber(start, end) ? end : NONE;
  if (((BYTES[end] as number) | 32) !== LOWER_E) return end;
  const sign = BYTES[end + 1] as number;
  const first = sign === MINUS || sign === 43 ? end + 2 : end + 1;
  const last = digitsEnd(first);
  return last === first ? NONE : last;
}

/** Most digits before the dot that `JSON.stringify` writes without an exponent. */
const WHOLE_DIGITS = 20;

/** Whether a plain number is stored as it is written, whether a double keeps its digits or not. */
export function isStoredNumber(start: number, end: number): boolean {
  const next = BYTES[end] as number;
  if (next === LOWER_E || next === UPPER_E) return false;
  const first = BYTES[start] === MINUS ? start + 1 : start;
  let dot = first;
  while (dot < end && BYTES[dot] !== DOT) dot += 1;
  const isZero = BYTES[first] === ZERO;
  if (dot === end) return isZero ? first === start : end - first <= WHOLE_DIGITS;
  if (BYTES[end - 1] === ZERO) return false;
  // A number nearer to 0 is written with an exponent.
  return isZero ? !isSixZeros(dot + 1) : dot - first <= WHOLE_DIGITS;
}

function isSixZeros(at: number): boolean {
  for (let each = 0; each < 6; each += 1) if (BYTES[at + each] !== ZERO) return false;
  return true;
}

/** A string or null. */
export function textEnd(at: number, stored: boolean): number {
  if (BYTES[at] !== QUOTE) return isNullAt(at) ? at + 4 : NONE;
  const quote = quoteAt(at + 1, stored);
  return quote === NONE ? NONE : (quote < 0 ? ~quote : quote) + 1;
}

/** A string, a number, a boolean or null. */
export function singleEnd(at: number, stored: boolean): number {
  const code = BYTES[at] as number;
  if (code === QUOTE) return textEnd(at, stored);
  if (code === MINUS || isDigit(code)) return numberEnd(at, stored);
  if (isNullAt(at) || isTrueAt(at)) return at + 4;
  return isFalseAt(at) ? at + 5 : NONE;
}

/** A list of single values, with one blank behind each comma at most where `blanks` may stand. */
export function singlesEnd(start: number, stored: boolean, blanks: boolean): number {
  if (BYTES[start] !== OPEN) return NONE;
  const gapEnd = (at: number): number => (blanks && BYTES[at] === BLANK ? at + 1 : at);
  let at = gapEnd(start + 1);
  if (BYTES[at] === CLOSE) return at + 1;
  for (;;) {
    at = singleEnd(at, stored);
    if (at < 0) return NONE;
    if (BYTES[at] === COMMA) {
      at = gapEnd(at + 1);
      continue;
    }
    at = gapEnd(at);
    return BYTES[at] === CLOSE ? at + 1 : NONE;
  }
}
