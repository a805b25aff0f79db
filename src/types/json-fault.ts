import { positionAt } from '../text/source.ts';

/** What is wrong with a text that should be one JSON value, and where. Never a part of the text itself. */
export interface JsonFault {
  readonly kind: 'invalid';
  readonly code: 'invalid_json' | 'too_deep';
  /** Stands alone: `expected a value, found the end of the text, at line 1, column 9`. */
  readonly message: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
}

export function faultAt(text: string, offset: number, code: JsonFault['code'], what: string): JsonFault {
  const { line, column } = positionAt({ name: '', text }, offset);
  return { kind: 'invalid', code, message: `${what}, at line ${line}, column ${column}`, line, column };
}

/**
 * The first fault of a text, found by reading it as strictly as `JSON.parse`, whose own messages quote the text and
 * often have no position. Only for texts that were refused: it is slow. Undefined for a text without a fault.
 */
export function findFault(text: string, maxDepth: number): JsonFault | undefined {
  try {
    const end = blanksEnd(text, valueEnd(text, blanksEnd(text, 0), maxDepth));
    if (end < text.length) unexpected(text, end, 'the end of the text');
    return undefined;
  } catch (stop) {
    if (stop instanceof Fault) return faultAt(text, stop.offset, stop.code, stop.message);
    throw stop;
  }
}

/** Unwinds the reader; never leaves this file. */
class Fault extends Error {
  readonly offset: number;
  readonly code: JsonFault['code'];

  constructor(offset: number, code: JsonFault['code'], message: string) {
    super(message);
    this.offset = offset;
    this.code = code;
  }
}

function unexpected(text: string, offset: number, expected: string): never {
  throw new Fault(offset, 'invalid_json', `expected ${expected}, found ${found(text, offset)}`);
}

/** Marks of the grammar are named, all else could be private. */
function found(text: string, offset: number): string {
  if (offset >= text.length) return 'the end of the text';
  const character = text.charAt(offset);
  if (character === '"') return 'a double quote';
  return "{}[]:,'".includes(character) ? `"${character}"` : 'another character';
}

/** The offset of the first character that is no blank of JSON. */
export function blanksEnd(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break;
  }
  return at;
}

/* Each of these reads one part of the grammar that begins at `start`, and gives the offset behind it. */

function valueEnd(text: string, start: number, depthLeft: number): number {
  switch (text.charAt(start)) {
    case '{':
      return objectEnd(text, start, depthLeft - 1);
    case '[':
      return arrayEnd(text, start, depthLeft - 1);
    case '"':
      return stringEnd(text, start);
    case 't':
      return wordEnd(text, start, 'true');
    case 'f':
      return wordEnd(text, start, 'false');
    case 'n':
      return wordEnd(text, start, 'null');
    default:
      return numberEnd(text, start);
  }
}

function objectEnd(text: string, start: number, depthLeft: number): number {
  checkDepth(start, depthLeft);
  let at = blanksEnd(text, start + 1);
  if (text.charAt(at) === '}') return at + 1;
  for (;;) {
    if (text.charAt(at) !== '"') unexpected(text, at, 'a key in double quotes');
    const keyEnd = stringEnd(text, at);
    if (JSON.parse(text.slice(at, keyEnd)) === '__proto__') {
      throw new Fault(at, 'invalid_json', 'the key __proto__ is not allowed');
    }
    at = blanksEnd(text, keyEnd);
    if (text.charAt(at) !== ':') unexpected(text, at, '":"');
    at = blanksEnd(text, valueEnd(text, blanksEnd(text, at + 1), depthLeft));
    if (text.charAt(at) === '}') return at + 1;
    if (text.charAt(at) !== ',') unexpected(text, at, '"," or "}"');
    at = blanksEnd(text, at + 1);
  }
}

function arrayEnd(text: string, start: number, depthLeft: number): number {
  checkDepth(start, depthLeft);
  let at = blanksEnd(text, start + 1);
  if (text.charAt(at) === ']') return at + 1;
  for (;;) {
    at = blanksEnd(text, valueEnd(text, at, depthLeft));
    if (text.charAt(at) === ']') return at + 1;
    if (text.charAt(at) !== ',') unexpected(text, at, '"," or "]"');
    at = blanksEnd(text, at + 1);
  }
}

function checkDepth(start: number, depthLeft: number): void {
  if (depthLeft < 0) throw new Fault(start, 'too_deep', 'arrays and objects are nested too deep');
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code < 32) throw new Fault(at, 'invalid_json', 'a control character stands in a string');
    if (code !== 92) continue;
    at++;
    const escape = text.charAt(at);
    if (escape === 'u' && /^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) at += 4;
    else if (escape === '' || !'"\\/bfnrt'.includes(escape)) {
      throw new Fault(at - 1, 'invalid_json', 'a string has an escape that JSON does not know');
    }
  }
  throw new Fault(start, 'invalid_json', 'a string has no end');
}

function wordEnd(text: string, start: number, word: string): number {
  return text.startsWith(word, start) ? start + word.length : unexpected(text, start, 'a value');
}

function numberEnd(text: string, start: number): number {
  const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
  number.lastIndex = start;
  return number.test(text) ? number.lastIndex : unexpected(text, start, 'a value');
}
