/**
 * Longer texts are quoted without a look at every character: they may be slices of a message, of which the engine reads a
 * character slowly and runs a pattern fast.
 */
const SHORT = 12;

/** What is escaped in quotes. */
const SPECIAL = /["\\]/;

/** Characters that need no quotes in an array literal, by code. */
const PLAIN = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:+-/@#$%&*=!?~^|;') {
  PLAIN[character.charCodeAt(0)] = 1;
}

/** The element that is null. */
export const NULL_ELEMENT = 'NULL';

/** One text as an element of a Postgres array literal. `bare`: the caller knows that it never needs quotes. */
export function element(text: string, bare: boolean): string {
  return bare || isPlain(text) ? text : quoted(text);
}

/** `{a,"b c",NULL}` of elements that `element` made. */
export function arrayLiteral(elements: readonly string[]): string {
  return `{${elements.join(',')}}`;
}

function isPlain(text: string): boolean {
  if (text.length === 0 || text.length > SHORT) return false;
  for (let at = 0; at < text.length; at++) {
    if (PLAIN[text.charCodeAt(at)] !== 1) return false;
  }
  return !(text.length === 4 && text.toUpperCase() === NULL_ELEMENT);
}

function quoted(text: string): string {
  return SPECIAL.test(text) ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : `"${text}"`;
}
