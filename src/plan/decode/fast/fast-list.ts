import { blanksEnd } from '../../../types/json-fault.ts';
import { parseJson } from '../../../types/json-reader.ts';
import type { JsonValue, Value } from '../../../types/value.ts';
import type { AddPattern, FastReader, ReadAt } from './cursor.ts';
import type { Read } from '../value.ts';

const OPEN = 91;
const CLOSE = 93;
const COMMA = 44;

/** A list of at most `max` objects or lists. */
export function fastList(element: FastReader, max: number): FastReader {
  const read: ReadAt = (cursor, reading) => {
    const { text } = cursor;
    if (text.charCodeAt(cursor.at) !== OPEN) return undefined;
    const values: Value[] = [];
    cursor.at = blanksEnd(text, cursor.at + 1);
    if (text.charCodeAt(cursor.at) === CLOSE) {
      cursor.at += 1;
      return values;
    }
    while (values.length < max) {
      const value = element.read(cursor, reading);
      if (value === undefined) return undefined;
      values.push(value);
      const end = blanksEnd(text, cursor.at);
      const code = text.charCodeAt(end);
      if (code === CLOSE) {
        cursor.at = end + 1;
        return values;
      }
      if (code !== COMMA) return undefined;
      cursor.at = blanksEnd(text, end + 1);
    }
    return undefined;
  };
  const addPattern: AddPattern = (json, text) => {
    if (Array.isArray(json)) for (const each of json as readonly JsonValue[]) element.addPattern(each, text);
  };
  return { read, addPattern };
}

/** An array without arrays and objects. What stands between its strings may be anything. */
const SINGLES = /\[[^"[\]{}]*(?:"[^"\\]*(?:\\.[^"\\]*)*"[^"[\]{}]*)*\]/y;

/** A list of at most `max` scalars or enums, which is parsed and decoded as always. */
export function listOfSingles(decode: Read, max: number): FastReader {
  return {
    read: (cursor, reading) => {
      SINGLES.lastIndex = cursor.at;
      const text = SINGLES.exec(cursor.text)?.[0];
      const json = text === undefined ? undefined : parseJson(text);
      if (json?.kind !== 'value' || (json.value as readonly JsonValue[]).length > max) return undefined;
      cursor.at = SINGLES.lastIndex;
      return decode(json.value, reading);
    },
    addPattern: () => undefined,
  };
}
