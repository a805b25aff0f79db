import type { RecordModel } from '../../../model/program.ts';
import { blanksEnd } from '../../../types/json-fault.ts';
import { parseJson } from '../../../types/json-reader.ts';
import type { Value } from '../../../types/value.ts';
import type { Place } from '../../evaluate/own-fields.ts';
import type { TextLimits } from '../../plan.ts';
import { MAX_LENGTH } from './max-length.ts';
import { writeBytes } from './message-bytes.ts';
import { cursorAt, type AddPattern } from './cursor.ts';
import { fastRecord } from './fast-record.ts';
import type { Reading } from '../refused.ts';

/**
 * Reads messages that are written as earlier ones were, straight from their text: a sender's serializer writes the same
 * keys in the same order. So all that stands between the values is known, and takes a fraction of the time that a parser
 * takes which must be ready for everything. It gives the row that the general way gives, or nothing: then the general
 * way decides, and says what is wrong. The patterns change how long a message takes, never what becomes of it.
 */
export interface FastPath {
  /**
   * For a text without lone surrogates. Sets the unknown keys of `reading` where it gives a row; may leave
   * `reading.refused` set where it gives nothing.
   */
  readonly read: (text: string, reading: Reading) => Value[] | undefined;
  /** Takes an accepted message for which `read` gave nothing. */
  readonly addPattern: AddPattern;
}

/** So many messages that match no pattern give patterns, each of them. */
const MANY = 16;

/**
 * Absent where a message has what no patterns are made of: a shape inside itself, the raw body, a value that is read twice; or
 * what is deeper than `limits` allow.
 */
export function compileFastPath(entity: RecordModel, place: Place, limits: TextLimits): FastPath | undefined {
  const record = fastRecord(entity, { place, limits, outer: [], known: new Map() });
  if (record === undefined) return undefined;
  let missed = 0;
  /** For the first misses, and then for square numbers: where no two messages are alike, patterns cost little. */
  const isDue = (text: string): boolean => {
    missed += 1;
    return text.length <= MAX_LENGTH && (missed <= MANY || Number.isInteger(Math.sqrt(missed)));
  };
  return {
    read: (text, reading) => {
      if (text.length > MAX_LENGTH) return undefined;
      writeBytes(text);
      const cursor = cursorAt(text, blanksEnd(text, 0));
      const row = record.read(cursor, reading);
      if (row === undefined || blanksEnd(text, cursor.at) !== text.length) return undefined;
      const { count, first } = cursor.names;
      reading.unknownKeys = count;
      reading.unknownNames = count === 0 ? undefined : first;
      if (cursor.unmatched && isDue(text)) {
        const json = parseJson(text);
        if (json.kind === 'value') record.addPattern(json.value, text);
      }
      return row;
    },
    addPattern: (json, text) => {
      if (isDue(text)) record.addPattern(json, text);
    },
  };
}
