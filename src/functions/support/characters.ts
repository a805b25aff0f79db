/**
 * Texts by characters, which are code points, as Postgres counts them. Values are well-formed, so that a text without
 * surrogates, which is almost every text, has a character for each code unit.
 */

const SURROGATE = /[\ud800-\udfff]/;

export function hasSurrogates(text: string): boolean {
  return SURROGATE.test(text);
}

export function countCharacters(text: string): number {
  if (!hasSurrogates(text)) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The characters from `start`, counted from 0, to before `end`. */
export function sliceCharacters(text: string, start: number, end: number): string {
  if (!hasSurrogates(text)) return text.slice(start, end);
  let from = text.length;
  let to = text.length;
  let at = 0;
  let position = 0;
  for (const character of text) {
    if (position === start) from = at;
    if (position === end) {
      to = at;
      break;
    }
    at += character.length;
    position += 1;
  }
  return text.slice(from, Math.max(from, to));
}
