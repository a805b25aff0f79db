import { blanksEnd } from '../../../types/json-fault.ts';
import type { TextLimits } from '../../plan.ts';
import type { Cursor } from './cursor.ts';
import { MAX_LENGTH } from './max-length.ts';
import { BYTES } from './message-bytes.ts';
import { NONE, quoteAt, singleEnd, singlesEnd } from './scan-value.ts';
import type { Spelling } from './spelling.ts';

/** How deep and how long a value may be, and how it has to be written. */
export interface Allowed {
  readonly spelling: Spelling;
  readonly limits: TextLimits;
}

const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const OPEN = 91;
const CLOSE = 93;
const COMMA = 44;
const COLON = 58;
const QUOTE = 34;

/** Keys of an object that are compared one by one; more are looked up. */
const FEW_KEYS = 12;

/** Keys like numbers, which objects of JavaScript put before all others. */
const INDEX = /^(?:0|[1-9][0-9]*)$/;

/*
 * Each of these passes by a value that stands within `level` others, and is false where it is no JSON, not written as
 * it has to be, deeper or longer than it may be, or where an object in it has a key twice or a forbidden one. It is
 * also false for some that are none of this.
 */

/** Whether no list of single values can be too long in a text that patterns read. */
export function mayPassLists({ maxListLength }: TextLimits): boolean {
  return 2 * maxListLength >= MAX_LENGTH;
}

export function passAny(cursor: Cursor, level: number, allowed: Allowed): boolean {
  const code = cursor.text.charCodeAt(cursor.at);
  if (code === OPEN_OBJECT) return passObject(cursor, level, allowed);
  if (code !== OPEN) return passSingle(cursor, allowed.spelling);
  return passList(cursor, level, allowed, (at) => passAny(at, level + 1, allowed));
}

export function passSingle(cursor: Cursor, spelling: Spelling): boolean {
  return goTo(cursor, singleEnd(cursor.at, spelling === 'stored'));
}

function goTo(cursor: Cursor, end: number): boolean {
  if (end < 0) return false;
  cursor.at = end;
  return true;
}

export function passList(
  cursor: Cursor,
  level: number,
  { spelling, limits: { maxDepth, maxListLength } }: Allowed,
  passElement: (cursor: Cursor) => boolean,
): boolean {
  if (level >= maxDepth) return false;
  const { text, at: start } = cursor;
  const isStored = spelling === 'stored';
  const blanksBehind = (at: number): number => (isStored ? at : blanksEnd(text, at));
  let at = blanksBehind(start + 1);
  const first = text.charCodeAt(at);
  if (first !== OPEN && first !== OPEN_OBJECT && goTo(cursor, singlesEnd(start, isStored, !isStored))) {
    // An element has a character at least, and all but one a comma.
    if (cursor.at - start <= 2 * maxListLength) return true;
    return (JSON.parse(text.slice(start, cursor.at)) as unknown[]).length <= maxListLength;
  }
  for (let count = 0; count < maxListLength; count += 1) {
    cursor.at = at;
    if (!passElement(cursor)) return false;
    at = blanksBehind(cursor.at);
    const code = text.charCodeAt(at);
    if (code === CLOSE) {
      cursor.at = at + 1;
      return true;
    }
    if (code !== COMMA) return false;
    at = blanksBehind(at + 1);
  }
  return false;
}

function passObject(cursor: Cursor, level: number, allowed: Allowed): boolean {
  const { spelling, limits } = allowed;
  if (level >= limits.maxDepth) return false;
  cursor.unmatched = true;
  const { text } = cursor;
  const isStored = spelling === 'stored';
  const blanksBehind = (at: number): number => (isStored ? at : blanksEnd(text, at));
  const keys = newKeys();
  let at = blanksBehind(cursor.at + 1);
  if (text.charCodeAt(at) === CLOSE_OBJECT) {
    cursor.at = at + 1;
    return true;
  }
  for (;;) {
    const quote = BYTES[at] === QUOTE ? quoteAt(at + 1, isStored) : NONE;
    if (quote < 0 || BYTES[quote + 1] !== COLON) return false;
    const key = text.slice(at + 1, quote);
    if (key === '__proto__' || !keys.isNew(key) || (isStored && INDEX.test(key))) return false;
    cursor.at = blanksBehind(quote + 2);
    if (!passAny(cursor, level + 1, allowed)) return false;
    at = blanksBehind(cursor.at);
    const code = text.charCodeAt(at);
    if (code === CLOSE_OBJECT) {
      cursor.at = at + 1;
      return true;
    }
    if (code !== COMMA) return false;
    at = blanksBehind(at + 1);
  }
}

/** The keys of one object. */
function newKeys(): { readonly isNew: (key: string) => boolean } {
  const few: string[] = [];
  let many: Set<string> | undefined;
  return {
    isNew: (key) => {
      if (many === undefined) {
        if (few.includes(key)) return false;
        few.push(key);
        if (few.length > FEW_KEYS) many = new Set(few);
        return true;
      }
      const { size } = many;
      return many.add(key).size > size;
    },
  };
}
