import { blanksEnd, faultAt, findFault, type JsonFault } from './json-fault.ts';
import { inspect, keepsDigits, MAX_DEPTH, needsInspection } from './json-screen.ts';
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

/** The lines of newline-delimited JSON, each as it was written; lines with nothing but blanks are left out. */
export function splitJsonLines(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const start = blanksEnd(line, 0);
    return start === line.length ? [] : [withoutBlanksBehind(line, start, line.length)];
  });
}

function withoutBlanksBehind(text: string, start: number, end: number): string {
  let last = end;
  while (last > start && blanksEnd(text, last - 1) >= end) last--;
  return text.slice(start, last);
}
