import type { RecordModel } from '../../../model/program.ts';
import { blanksEnd } from '../../../types/json-fault.ts';
import type { JsonValue, Value } from '../../../types/value.ts';
import type { Place } from '../../evaluate/own-fields.ts';
import type { TextLimits } from '../../plan.ts';
import type { Cursor } from './cursor.ts';
import { fastRecord } from './fast-record.ts';
import type { Reading } from '../refused.ts';

/**
 * Reads messages that are written as earlier ones were, straight from their text: a sender's serializer writes the same
 * keys in the same order, so that one pattern for each object finds all values, in a third of the time that a parser
 * takes which must be ready for everything. It gives the row that the general way gives, or nothing: then the general
 * way decides, and says what is wrong. The patterns change how long a message takes, never what becomes of it.
 */
export interface FastPath {
  /** For a text without escapes and lone surrogates. May leave `reading.refused` set where it gives nothing. */
  readonly read: (text: string, reading: Reading) => Value[] | undefined;
  /** Takes an accepted message without unknown keys for which `read` gave nothing. */
  readonly addPattern: (json: JsonValue) => void;
}

/** Patterns keep a note for each character that they may come back to. */
const MAX_LENGTH = 100_000;

/**
 * Absent where a message may hold what has no fixed form: any JSON, paths, a shape inside itself, the raw body; or what is
 * deeper than `limits` allow.
 */
export function compileFastPath(entity: RecordModel, place: Place, limits: TextLimits): FastPath | undefined {
  const record = fastRecord(entity, { place, limits, outer: [], known: new Map() });
  if (record === undefined) return undefined;
  let missed = 0;
  return {
    read: (text, reading) => {
      if (text.length > MAX_LENGTH) return undefined;
      const cursor: Cursor = { text, at: blanksEnd(text, 0) };
      const row = record.read(cursor, reading);
      return row !== undefined && blanksEnd(text, cursor.at) === text.length ? row : undefined;
    },
    addPattern: (json) => {
      missed += 1;
      // The 1st, 2nd, 4th, 8th and so on: where no two messages are alike, making patterns costs nothing.
      if ((missed & (missed - 1)) === 0) record.addPattern(json);
    },
  };
}
