import { isRefusal, type JsonValue, type Refusal, type Value } from '../../../types/value.ts';
import { BYTES as sharedBytes, VIEW as sharedView } from './message-bytes.ts';
import {
  isDigit,
  isFalseAt,
  isNullAt,
  isStoredNumber,
  isTrueAt,
  NONE,
  quoteAt,
  singleEnd,
  singlesEnd,
  textEnd,
} from './scan-value.ts';
import {
  BOOLEAN,
  GAP,
  NOTHING,
  NUMBER,
  PASSED_LIST,
  PASSED_SINGLE,
  PASSED_TEXT,
  STRING,
  TEXT,
  type Reader,
  type Step,
} from './step.ts';

const BYTES = sharedBytes;
const VIEW = sharedView;

/** Reads values into a row. Gives the offset behind them; `NONE` where one is not written as expected, or refused. */
export function scan({ steps, words, style }: Reader, start: number, text: string, row: Value[]): number {
  const { stored, blanks } = style;
  let at = start;
  for (let place = 0; place < steps.length; place += 1) {
    const step = steps[place] as Step;
    at = beforeEnd(step, words, at, text, blanks);
    if (at < 0) return NONE;
    switch (step.kind) {
      case NOTHING:
        continue;
      case STRING:
        at = readString(step, at, text, row, stored);
        break;
      case NUMBER:
        at = readNumber(step, at, text, row, stored);
        break;
      case BOOLEAN:
        at = readBoolean(step, at, row);
        break;
      case TEXT:
        at = readText(step, at, text, row);
        break;
      case PASSED_TEXT:
        at = textEnd(at, stored);
        break;
      case PASSED_SINGLE:
        at = singleEnd(at, stored);
        break;
      case PASSED_LIST:
        at = singlesEnd(at, stored, blanks);
        break;
    }
    if (at < 0) return NONE;
  }
  return at;
}

/** The offset behind what is written before a step. */
function beforeEnd(step: Step, words: Int32Array, at: number, text: string, blanks: boolean): number {
  const { firstWord, lastWord } = step;
  if (lastWord < firstWord) return looseEnd(step, at, text, blanks);
  let from = at;
  for (let each = firstWord; each < lastWord; each += 1) {
    if (VIEW.getInt32(from, true) !== words[each]) return blanks ? looseEnd(step, at, text, true) : NONE;
    from += 4;
  }
  const end = at + step.length;
  if (VIEW.getInt32(end - 4, true) === words[lastWord]) return end;
  return blanks ? looseEnd(step, at, text, true) : NONE;
}

const GAP_CODE = GAP.charCodeAt(0);
const BLANK = 32;

/** For what is not compared in words: with blanks in some places only, or not in ASCII. */
function looseEnd({ before }: Step, start: number, text: string, blanks: boolean): number {
  let at = start;
  for (let each = 0; each < before.length; each += 1) {
    const code = before.charCodeAt(each);
    if (code === GAP_CODE) {
      if (blanks && BYTES[at] === BLANK) at += 1;
    } else if (text.charCodeAt(at) === code) at += 1;
    else return NONE;
  }
  return at;
}

const QUOTE = 34;

function readString(step: Step, start: number, text: string, row: Value[], stored: boolean): number {
  if (BYTES[start] !== QUOTE) return readNull(step, start, row);
  const quote = quoteAt(start + 1, stored);
  if (quote === NONE) return NONE;
  if (quote > 0) {
    const value = step.decodeBytes?.(BYTES, start + 1, quote, text);
    if (value !== undefined) {
      row[step.index] = value;
      return quote + 1;
    }
    return put(step, step.decode(text.slice(start + 1, quote)), row, quote + 1);
  }
  const end = ~quote + 1;
  return put(step, step.decodeEscaped(JSON.parse(text.slice(start, end)) as JsonValue), row, end);
}

function readNull({ nullable, index }: Step, at: number, row: Value[]): number {
  if (!nullable || !isNullAt(at)) return NONE;
  row[index] = null;
  return at + 4;
}

function put({ index }: Step, value: Value | Refusal, row: Value[], end: number): number {
  if (typeof value === 'object' && value !== null && isRefusal(value)) return NONE;
  row[index] = value;
  return end;
}

const MINUS = 45;
const DOT = 46;
const ZERO = 48;

/** So many digits are a whole number that a double holds. */
const SAFE_DIGITS = 15;

function readNumber(step: Step, start: number, text: string, row: Value[], stored: boolean): number {
  const negative = BYTES[start] === MINUS;
  const first = negative ? start + 1 : start;
  let at = first;
  let code = BYTES[at] as number;
  if (!isDigit(code)) return negative ? NONE : readNull(step, start, row);
  let units = code - ZERO;
  code = BYTES[++at] as number;
  if (units > 0)
    while (isDigit(code)) {
      units = units * 10 + code - ZERO;
      code = BYTES[++at] as number;
    }
  let digits = at - first;
  let scale = 0;
  if (code === DOT) {
    code = BYTES[++at] as number;
    const fraction = at;
    while (isDigit(code)) {
      units = units * 10 + code - ZERO;
      code = BYTES[++at] as number;
    }
    scale = at - fraction;
    if (scale === 0) return NONE;
    digits += scale;
  }
  if (stored && !isStoredNumber(start, at)) return NONE;
  if (digits <= SAFE_DIGITS && step.decodeDigits !== undefined) {
    const value = step.decodeDigits(negative ? -units : units, scale, text, start, at);
    if (value !== undefined) {
      row[step.index] = value;
      return at;
    }
  }
  return put(step, step.decode(text.slice(start, at)), row, at);
}

function readBoolean(step: Step, at: number, row: Value[]): number {
  if (isTrueAt(at)) return put(step, step.decode(true), row, at + 4);
  if (isFalseAt(at)) return put(step, step.decode(false), row, at + 5);
  return readNull(step, at, row);
}

function readText(step: Step, start: number, text: string, row: Value[]): number {
  const end = step.inside === undefined ? NONE : scan(step.inside, start, text, row);
  if (end < 0) return readNull(step, start, row);
  return put(step, step.decode(text.slice(start, end)), row, end);
}
