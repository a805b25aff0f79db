import { findFault, faultAt, type JsonFault } from './json-fault.ts';
import { inspect, keepsDigits, MAX_DEPTH, needsInspection } from './json-screen.ts';
import { isRawNumber, rawNumber } from './raw-number.ts';
import type { JsonValue } from './value.ts';

/**
 * Reads one JSON value without loss. Every `number` in the result prints (`String`) as the number that was written;
 * one for which that does not hold is a `RawNumber`. Refused are texts that `JSON.parse` refuses, more than
 * `MAX_DEPTH` arrays and objects in each other, and keys `__proto__`. Never throws.
 */
export function readJson(text: string): { readonly kind: 'value'; readonly value: JsonValue } | JsonFault {
  let losesDigits = false;
  if (needsInspection(text)) {
    const inspection = inspect(text);
    // Before anything recursive runs.
    if (inspection.tooDeep) return fault(text);
    losesDigits = inspection.losesDigits;
  }
  let value: JsonValue;
  try {
    value = losesDigits ? parseKeepingDigits(text) : JSON.parse(text);
  } catch {
    return fault(text);
  }
  if (mayHaveForbiddenKey(text) && hasForbiddenKey(value)) return fault(text);
  return { kind: 'value', value };
}

function fault(text: string): JsonFault {
  return findFault(text, MAX_DEPTH) ?? faultAt(text, 0, 'invalid_json', 'the text is not JSON');
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
  return text.includes('__proto__') || text.includes('\\u00');
}

function hasForbiddenKey(json: JsonValue): boolean {
  if (typeof json !== 'object' || json === null || isRawNumber(json)) return false;
  if (Array.isArray(json)) return json.some(hasForbiddenKey);
  return Object.hasOwn(json, '__proto__') || Object.values(json).some(hasForbiddenKey);
}
