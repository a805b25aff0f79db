import { blanksEnd, faultAt, findFault, type JsonFault } from './json-fault.ts';
import { endOfString, inspect, keepsDigits, MAX_DEPTH, needsInspection } from './json-screen.ts';
import { isRawNumber, rawNumber } from './raw-number.ts';
import type { JsonValue } from './value.ts';

/**
 * Reads one JSON value without loss. Every `number` in the result prints (`String`) as the number that was written;
 * one for which that does not hold is a `RawNumber`. Refused are texts that `JSON.parse` refuses, more than
 * `MAX_DEPTH` arrays and objects in each other, and keys `__proto__`. Never throws.
 */
export function readJson(text: string): JsonRead {
  const read = parseJson(text);
  return (read.kind === 'value' ? forbiddenKey(text, read.value) : undefined) ?? read;
}

export type JsonRead = { readonly kind: 'value'; readonly value: JsonValue } | JsonFault;

/**
 * As `readJson`, but with a limit of the depth that may be lower, and keys `__proto__` pass: for callers that look at
 * every key, and ask `forbiddenKey` where they do not.
 */
export function parseJson(text: string, maxDepth = MAX_DEPTH): JsonRead {
  let losesDigits = false;
  if (needsInspection(text, maxDepth)) {
    const inspection = inspect(text, maxDepth);
    // Before anything recursive runs.
    if (inspection.tooDeep) return fault(text, maxDepth);
    losesDigits = inspection.losesDigits;
  }
  let value: JsonValue;
  try {
    value = losesDigits ? parseKeepingDigits(text) : JSON.parse(text);
  } catch {
    return fault(text, maxDepth);
  }
  return { kind: 'value', value };
}

/** The fault of a key `__proto__`, anywhere in the value that `parseJson` gave for this text. */
export function forbiddenKey(text: string, value: JsonValue): JsonFault | undefined {
  return mayHaveForbiddenKey(text) && hasForbiddenKey(value) ? fault(text, MAX_DEPTH) : undefined;
}

function fault(text: string, maxDepth: number): JsonFault {
  return findFault(text, maxDepth) ?? faultAt(text, 0, 'the text is not JSON');
}

type Reviver = (key: string, value: JsonValue, context: { readonly source: string }) => JsonValue;

const keepDigits: Reviver = (_key, value, context) =>
  typeof value === 'number' && !keepsDigits(context.source) ? rawNumber(context.source) : value;

function parseKeepingDigits(text: string): JsonValue {
  // TypeScript's library does not know the third argument yet.
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}

/** `__proto__` as such, or perhaps spelt with an escape of an ASCII character. */
function mayHaveForbiddenKey(text: string): boolean {
  // The end of the word is searched first: fewer keys have it than have an underscore.
  return (text.includes('o__') && text.includes('__proto__')) || text.includes('\\u00');
}

function hasForbiddenKey(json: JsonValue): boolean {
  if (typeof json !== 'object' || json === null || isRawNumber(json)) return false;
  if (Array.isArray(json)) return json.some(hasForbiddenKey);
  return Object.hasOwn(json, '__proto__') || Object.values(json).some(hasForbiddenKey);
}

export interface JsonElements {
  readonly kind: 'elements';
  /** The original text of each element, without the blanks around it. */
  readonly elements: readonly string[];
}

/**
 * Cuts the text of a JSON array into the texts of its elements, character for character as they were written.
 * Only the array itself is checked; an element may still be no JSON, which `readJson` tells. Never throws.
 */
export function splitJsonArray(text: string): JsonElements | JsonFault {
  const start = blanksEnd(text, 0);
  if (text.charCodeAt(start) !== OPEN) return faultAt(text, start, 'expected an array');
  const elements: string[] = [];
  let at = blanksEnd(text, start + 1);
  if (text.charCodeAt(at) !== CLOSE) {
    for (;;) {
      const end = elementEnd(text, at);
      const element = withoutBlanksBehind(text, at, end);
      if (element === '' || end === text.length) return arrayFault(text, at);
      elements.push(element);
      at = end;
      if (text.charCodeAt(end) === CLOSE) break;
      at = blanksEnd(text, end + 1);
    }
  }
  const end = blanksEnd(text, at + 1);
  return end < text.length ? arrayFault(text, end) : { kind: 'elements', elements };
}

const OPEN = 91;
const CLOSE = 93;
const COMMA = 44;

/** The offset of the comma or bracket that ends the element which begins at `start`; the text's length where none does. */
function elementEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) at = endOfString(text, at);
    else if (code === OPEN || code === 123) depth++;
    else if (depth > 0) {
      if (code === CLOSE || code === 125) depth--;
    } else if (code === COMMA || code === CLOSE) return at;
  }
  return text.length;
}

function withoutBlanksBehind(text: string, start: number, end: number): string {
  let last = end;
  while (last > start && blanksEnd(text, last - 1) >= end) last--;
  return text.slice(start, last);
}

/** The elements may be as deep as a message, so that the array around them is one level more. */
function arrayFault(text: string, offset: number): JsonFault {
  return findFault(text, MAX_DEPTH + 1) ?? faultAt(text, offset, 'the text is not a JSON array');
}

/** The lines of newline-delimited JSON, each as it was written; lines with nothing but blanks are left out. */
export function splitJsonLines(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const start = blanksEnd(line, 0);
    return start === line.length ? [] : [withoutBlanksBehind(line, start, line.length)];
  });
}
