import type { JsonValue, Value } from '../../../types/value.ts';
import { MAX_UNKNOWN, type Reading } from '../refused.ts';

/** A place in the text of a message, and what was met on the way there. */
export interface Cursor {
  readonly text: string;
  /** Behind what was read; anywhere after a reader gave `undefined` or false. */
  at: number;
  /** Whether a blank stands behind the first colon, as some serializers write it. */
  readonly blanks: boolean;
  /** So many patterns may still be tried, for a text on which many almost match. */
  tries: number;
  /** Whether an object that no field reads was read key by key, as none before was written in this way. */
  unmatched: boolean;
  /** The keys that no field reads. */
  names: Names;
  /** Those in the values that paths lead to, until all of the paths' first key is read. */
  deferred: Deferred[];
}

/** Names of keys as `passBy` counts them. */
export interface Names {
  count: number;
  readonly first: string[];
}

interface Deferred {
  /** The field that reads the value. */
  readonly index: number;
  readonly names: Names;
}

/** Reads a value at the cursor; `undefined` where it is not written as expected, whatever the reason. */
export type ReadAt<T extends Value = Value> = (cursor: Cursor, reading: Reading) => T | undefined;

/** Reads a value at the cursor into fields of a row, or passes it by; false where it is not written as expected. */
export type Fill = (cursor: Cursor, row: Value[], reading: Reading) => boolean;

/** Reads a value by patterns of how earlier messages wrote it. */
export interface FastReader<T extends Value = Value> {
  readonly read: ReadAt<T>;
  readonly addPattern: AddPattern;
}

/** Takes an accepted value, which stands in this text. */
export type AddPattern = (json: JsonValue, text: string) => void;

/** The same for what goes into fields of the object around it, or nowhere. */
export interface FastFiller {
  readonly fill: Fill;
  readonly addPattern: AddPattern;
}

const BLANK = 32;

export function cursorAt(text: string, at: number): Cursor {
  return {
    text,
    at,
    blanks: text.charCodeAt(text.indexOf(':') + 1) === BLANK,
    tries: 500 + (text.length >> 3),
    unmatched: false,
    names: noNames(),
    deferred: [],
  };
}

export function noNames(): Names {
  return { count: 0, first: [] };
}

export function addNames(names: Names, more: readonly string[]): void {
  names.count += more.length;
  for (let at = 0; at < more.length && names.first.length < MAX_UNKNOWN; at += 1)
    names.first.push(more[at] as string);
}

/** What was met up to a place, for coming back to it. */
export function forgetNames({ names, deferred }: Cursor, count: number, first: number, kept: number): void {
  if (names.count > count) {
    names.count = count;
    names.first.length = first;
  }
  if (deferred.length > kept) deferred.length = kept;
}

/** Reads what a path leads to, and keeps its names apart: the general way meets them behind those that paths pass. */
export function deferringNames(index: number, fill: Fill): Fill {
  return (cursor, row, reading) => {
    const { names } = cursor;
    const inside = noNames();
    cursor.names = inside;
    const filled = fill(cursor, row, reading);
    cursor.names = names;
    if (inside.count > 0) cursor.deferred.push({ index, names: inside });
    return filled;
  };
}

/** Reads all that the paths with one first key lead to, and puts the names in order. */
export function orderingNames(fill: Fill): Fill {
  return (cursor, row, reading) => {
    const { deferred } = cursor;
    const inside: Deferred[] = [];
    cursor.deferred = inside;
    const filled = fill(cursor, row, reading);
    cursor.deferred = deferred;
    if (inside.length > 1) inside.sort((left, right) => left.index - right.index);
    for (const { names } of inside) {
      cursor.names.first.push(...names.first.slice(0, MAX_UNKNOWN - cursor.names.first.length));
      cursor.names.count += names.count;
    }
    return filled;
  };
}
