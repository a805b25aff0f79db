import { positionAt } from '../text/source.ts';
import { pointerTo } from './json-pointer.ts';

/** What is wrong with a text that should be one JSON value, and where. Never a part of the text itself. */
export interface JsonFault {
  readonly kind: 'invalid';
  readonly code: 'invalid_json' | 'too_deep' | 'repeated_key';
  /** RFC 6901 pointer to what is too deep, or to the key that comes twice; empty for a text that is no JSON. */
  readonly pointer: string;
  /** Stands alone: `expected a value, found the end of the text, at line 1, column 9`. */
  readonly message: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
}

export function faultAt(text: string, offset: number, what: string): JsonFault {
  return placed(text, new Fault(offset, 'invalid_json', what));
}

function placed(text: string, { offset, code, message, pointer }: Fault): JsonFault {
  const { line, column } = positionAt({ name: '', text }, offset);
  const where = `at line ${line}, column ${column}`;
  return { kind: 'invalid', code, pointer, message: `${message}, ${where}`, line, column };
}

/**
 * The first fault of a text, found by reading it as strictly as `JSON.parse`, whose own messages quote the text and
 * often have no position. Only for texts that were refused: it is slow. Undefined for a text without a fault.
 */
export function findFault(text: string, maxDepth: number): JsonFault | undefined {
  return readStrictly(text, { maxDepth, path: [], once: false });
}

/** The first key that an object of a JSON text has twice. It is slow too. */
export function findRepeatedKey(text: string, maxDepth: number): JsonFault | undefined {
  return readStrictly(text, { maxDepth, path: [], once: true });
}

function readStrictly(text: string, inside: Inside): JsonFault | undefined {
  try {
    const end = blanksEnd(text, valueEnd(text, blanksEnd(text, 0), inside));
    if (end < text.length) unexpected(text, end, 'the end of the text');
    return undefined;
  } catch (stop) {
    if (stop instanceof Fault) return placed(text, stop);
    throw stop;
  }
}

/** Unwinds the reader; never leaves this file. */
class Fault extends Error {
  readonly offset: number;
  readonly code: JsonFault['code'];
  readonly pointer: string;

  constructor(offset: number, code: JsonFault['code'], message: string, pointer = '') {
    super(message);
    this.offset = offset;
    this.code = code;
    this.pointer = pointer;
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

/** Where in the value a reader is: as deep as the path has steps. */
interface Inside {
  readonly maxDepth: number;
  readonly path: (string | number)[];
  /** Whether a key that comes twice in an object is a fault. */
  readonly once: boolean;
}

/* Each of these reads one part of the grammar that begins at `start`, and gives the offset behind it. */

function valueEnd(text: string, start: number, inside: Inside): number {
  switch (text.charAt(start)) {
    case '{':
      return objectEnd(text, start, inside);
    case '[':
      return arrayEnd(text, start, inside);
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

function objectEnd(text: string, start: number, inside: Inside): number {
  checkDepth(start, inside);
  let at = blanksEnd(text, start + 1);
  if (text.charAt(at) === '}') return at + 1;
  const keys = new Set<string>();
  for (;;) {
    if (text.charAt(at) !== '"') unexpected(text, at, 'a key in double quotes');
    const keyEnd = stringEnd(text, at);
    const key = JSON.parse(text.slice(at, keyEnd)) as string;
    if (key === '__proto__') {
      throw new Fault(at, 'invalid_json', 'the key __proto__ is not allowed');
    }
    if (inside.once && keys.has(key)) {
      const pointer = [...inside.path, key].map(pointerTo).join('');
      throw new Fault(at, 'repeated_key', 'expected each key of an object once, found one twice', pointer);
    }
    keys.add(key);
    at = blanksEnd(text, keyEnd);
    if (text.charAt(at) !== ':') unexpected(text, at, '":"');
    inside.path.push(key);
    at = blanksEnd(text, valueEnd(text, blanksEnd(text, at + 1), inside));
    inside.path.pop();
    if (text.charAt(at) === '}') return at + 1;
    if (text.charAt(at) !== ',') unexpected(text, at, '"," or "}"');
    at = blanksEnd(text, at + 1);
  }
}

function arrayEnd(text: string, start: number, inside: Inside): number {
  checkDepth(start, inside);
  let at = blanksEnd(text, start + 1);
  if (text.charAt(at) === ']') return at + 1;
  for (let index = 0; ; index += 1) {
    inside.path.push(index);
    at = blanksEnd(text, valueEnd(text, at, inside));
    inside.path.pop();
    if (text.charAt(at) === ']') return at + 1;
    if (text.charAt(at) !== ',') unexpected(text, at, '"," or "]"');
    at = blanksEnd(text, at + 1);
  }
}

function checkDepth(start: number, { maxDepth, path }: Inside): void {
  if (path.length < maxDepth) return;
  const message = `expected arrays and objects at most ${maxDepth} deep in each other, found a deeper one`;
  throw new Fault(start, 'too_deep', message, path.map(pointerTo).join(''));
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code < 32) throw new Fault(at, 'invalid_json', 'a control character in a string');
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

/** The same fault in a longer text, in which the faulty one begins at this place (1-based). */
export function faultInside(
  { kind, code, pointer, message, line, column }: JsonFault,
  place: { readonly line: number; readonly column: number; readonly pointer: string },
): JsonFault {
  const bare = message.slice(0, -`, at line ${line}, column ${column}`.length);
  const at = {
    line: place.line + line - 1,
    column: line === 1 ? place.column + column - 1 : column,
  };
  const where = `at line ${at.line}, column ${at.column}`;
  return {
    kind,
    code,
    pointer: code === 'invalid_json' ? '' : place.pointer + pointer,
    message: `${bare}, ${where}`,
    ...at,
  };
}
