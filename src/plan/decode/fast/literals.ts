import type { JsonLiteral } from '../../../types/column-type.ts';

/**
 * How texts may be written: `free` is any way that JSON allows and senders use, `stored` the only way in which `JSON.stringify`
 * writes what was read, so that the text of a `json` field is what stands in the message.
 */
export type Spelling = 'free' | 'stored';

/** How a pattern has to match. */
export interface Style {
  readonly spelling: Spelling;
  /** Whether an escape may stand in a string. */
  readonly escapes: boolean;
  /** Whether a blank may stand behind a colon or a comma, as some serializers write it. */
  readonly blanks: boolean;
}

export function gapOf({ blanks }: Style): string {
  return blanks ? ' ?' : '';
}

/**
 * Matches always. The engine makes code for what stands behind alternatives once for each of them, and for what stands
 * behind that again, unless it has to forget what it knows of the text: a lookahead makes it forget. Without this, the
 * code for one object of a webhook was a megabyte, which no cache of a processor holds.
 */
const JOIN = '(?=)';

/*
 * No value can match another way than at first, so that a pattern which fails has looked at no character more than
 * twice.
 */

const CHARACTERS = '[^"\\\\\\x00-\\x1f]*';

const ESCAPE: Readonly<Record<Spelling, string>> = {
  free: '\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4})',
  stored: '\\\\["\\\\bfnrt]',
};

/** What stands between the quotes of a string. */
function charactersOf({ spelling, escapes }: Style): string {
  return escapes ? `${CHARACTERS}(?:${ESCAPE[spelling]}${CHARACTERS})*` : CHARACTERS;
}

/** A number without an exponent. */
const DIGITS = `-?${JOIN}(?:0|[1-9][0-9]*)${JOIN}(?:\\.[0-9]+)?${JOIN}`;

/** A number that is stored as it is written, whether a double keeps its digits or not. */
const STORED_DIGITS = `(?:0|-?${JOIN}(?:[1-9][0-9]{0,19}${JOIN}(?:\\.[0-9]*[1-9])?|0\\.(?!000000)[0-9]*[1-9]))(?![0-9.eE])`;

/** A single value that is captured. */
export function captured(literal: JsonLiteral, style: Style): string {
  switch (literal) {
    case 'string':
      return `"(${charactersOf(style)})"`;
    case 'digits':
    case 'number':
      return `(${style.spelling === 'free' ? DIGITS : STORED_DIGITS})`;
    case 'boolean':
      return '(true|false)';
  }
}

/** The same, or null, for which nothing is captured. */
export function orNull(value: string): string {
  return `(?:${value}|null)${JOIN}`;
}

/** A string or null, which nothing reads. */
export function passedText(style: Style): string {
  return orNull(`"${charactersOf(style)}"`);
}

/** Any single value, which nothing reads. */
export function passed(style: Style): string {
  const number = style.spelling === 'free' ? `${DIGITS}(?:[eE][+-]?[0-9]+)?` : STORED_DIGITS;
  return `(?:"${charactersOf(style)}"|${number}${JOIN}|true|false|null)${JOIN}`;
}

/** A list of single values, which nothing reads. */
export function passedList(style: Style): string {
  const gap = gapOf(style);
  const value = passed(style);
  return `\\[${gap}(?:${value}(?:,${gap}${value})*)?${gap}\\]`;
}

/** The pattern of a text that is matched as it is. */
export function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Whether a key can be written without an escape; a key with a quote, say, cannot. */
export function isPlainKey(key: string): boolean {
  return JSON.stringify(key) === `"${key}"`;
}
