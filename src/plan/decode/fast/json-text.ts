import type { Decoder } from '../../../types/column-type.ts';
import { parseJson } from '../../../types/json-reader.ts';
import { isRefusal, refuse } from '../../../types/value.ts';
import type { TextLimits } from '../../plan.ts';
import { passAny } from './any-value.ts';
import type { FastReader } from './cursor.ts';
import type { PassedValue } from './part.ts';
import { unreadValue } from './unread.ts';

/** Where a number in it may have more digits than can be stored. */
const PERHAPS_HUGE = /[0-9.]{16000}/;

export function isPerhapsHuge(text: string): boolean {
  return text.length >= 16_000 && PERHAPS_HUGE.test(text);
}

interface JsonReader extends FastReader<string> {
  /** How it was always written, where that can be matched with what is around it, and is how it is stored. */
  readonly only: () => PassedValue | undefined;
}

/** Takes a text that is written as it is stored. */
export const storedText: Decoder = (text) =>
  isPerhapsHuge(text as string) ? refuse('out_of_range', 'few digits', 'many') : (text as string);

/**
 * Reads any value but null as the text that `decode` gives of it, which for a text that is written as it is stored is
 * this text.
 */
export function fastJson(decode: Decoder, level: number, limits: TextLimits): JsonReader {
  let isStored = true;
  const value = unreadValue(level, { spelling: 'stored', limits });
  return {
    read: (cursor, reading) => {
      const { at } = cursor;
      if (cursor.text.startsWith('null', at)) return undefined;
      if (value.fill(cursor, [], reading)) {
        const text = cursor.text.slice(at, cursor.at);
        return isPerhapsHuge(text) ? undefined : text;
      }
      cursor.at = at;
      if (!passAny(cursor, level, { spelling: 'free', limits })) return undefined;
      const json = parseJson(cursor.text.slice(at, cursor.at));
      const decoded = json.kind === 'value' ? decode(json.value) : undefined;
      return decoded === undefined || isRefusal(decoded) ? undefined : (decoded as string);
    },
    addPattern: (json, text) => {
      if (json === null) return;
      isStored &&= text.includes(JSON.stringify(json));
      value.addPattern(json, text);
    },
    only: () => (isStored ? value.only() : undefined),
  };
}
