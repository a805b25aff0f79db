import { findRepeatedKey, type JsonFault } from './json-fault.ts';
import { isRawNumber } from './raw-number.ts';
import type { JsonValue } from './value.ts';

/**
 * The fault of a key that an object has twice, in the value that `JSON.parse` gave for this text: it kept the last and dropped the
 * other in silence.
 */
export function repeatedKey(text: string, value: JsonValue): JsonFault | undefined {
  return mostKeysIn(text) > keysIn(value) ? findRepeatedKey(text, Infinity) : undefined;
}

/** So many keys a JSON text has at most: behind each stands a colon, and a text in it may look the same. */
function mostKeysIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    let before = at - 1;
    while (isBlank(text.charCodeAt(before))) before -= 1;
    if (text.charCodeAt(before) === 34) count += 1;
  }
  return count;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

function keysIn(json: JsonValue): number {
  if (typeof json !== 'object' || json === null || isRawNumber(json)) return 0;
  let count = 0;
  if (Array.isArray(json)) {
    for (const each of json as readonly JsonValue[]) if (typeof each === 'object') count += keysIn(each);
    return count;
  }
  const object = json as { readonly [key: string]: JsonValue };
  // Nothing that was parsed inherits a key.
  for (const key in object) {
    const each = object[key] ?? null;
    count += 1;
    if (typeof each === 'object') count += keysIn(each);
  }
  return count;
}
