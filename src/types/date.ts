import { IMPOSSIBLE, readDate } from './calendar.ts';
import type { BytesDecoder, ColumnType, Decoder } from './column-type.ts';
import { wrongType } from './found.ts';
import { compareTexts } from './text-order.ts';
import { refuse } from './value.ts';

const DASH = 45;

/** Greater than any date, so that no sum with it is one. */
const NO_NUMBER = 100_000_000;

const EXPECTED = 'a date of the form 1996-01-02';

const decode: Decoder = (json) => {
  if (typeof json !== 'string') return wrongType(EXPECTED, json);
  const date = json.length === 10 ? readDate(json, 0) : -1;
  if (date > 0) return json;
  return date === IMPOSSIBLE
    ? refuse('out_of_range', 'a day of the calendar, year 0001 to 9999', 'a date that does not exist')
    : refuse('invalid_format', EXPECTED, 'a string of another form');
};

/** So many years have a place for each of their days. */
const YEARS = 16;

/** The texts of the dates last met: those of messages are few, and come again and again. */
const metTexts: string[] = Array.from({ length: YEARS * 12 * 31 }, () => '');
/** The same as `19960102`. */
const metDates = new Int32Array(metTexts.length);

const decodeBytes: BytesDecoder = (bytes, start, end, text) => {
  if (end - start !== 10 || bytes[start + 4] !== DASH || bytes[start + 7] !== DASH) return undefined;
  const year = pair(bytes, start) * 100 + pair(bytes, start + 2);
  const month = pair(bytes, start + 5);
  const day = pair(bytes, start + 8);
  const date = (year * 100 + month) * 100 + day;
  const place = ((year % YEARS) * 12 + month - 1) * 31 + day - 1;
  if (metDates[place] === date) return metTexts[place];
  const made = text.slice(start, end);
  // Only dates of the calendar have a place.
  if (readDate(made, 0) !== date) return undefined;
  metDates[place] = date;
  metTexts[place] = made;
  return made;
};

/** Two digits as a number, and anything else as what is no part of a date. */
function pair(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 48;
  const ones = (bytes[at + 1] as number) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NO_NUMBER;
}

export const date: ColumnType = {
  name: 'date',
  doc: 'A date in ISO 8601, for example `1996-01-02`, in the years 0001 to 9999.',
  parameters: [],
  parametersRequired: false,
  literal: 'string',
  decoder: () => decode,
  bytesDecoder: decodeBytes,
  toText: (value) => value as string,
  bare: true,
  toJson: (value) => value,
  compare: compareTexts,
  key: true,
  typescript: 'string',
  jsonSchema: () => ({ type: 'string', format: 'date' }),
  examples: {
    accepted: [
      { json: '"1996-01-02"', text: '1996-01-02' },
      { json: '"2000-02-29"', text: '2000-02-29' },
      { json: '"0001-01-01"', text: '0001-01-01' },
      { json: '"9999-12-31"', text: '9999-12-31' },
    ],
    rejected: [
      { json: '"2023-02-29"', code: 'out_of_range' },
      { json: '"1900-02-29"', code: 'out_of_range' },
      { json: '"2024-02-30"', code: 'out_of_range' },
      { json: '"2024-04-31"', code: 'out_of_range' },
      { json: '"2024-13-01"', code: 'out_of_range' },
      { json: '"2024-00-10"', code: 'out_of_range' },
      { json: '"2024-01-00"', code: 'out_of_range' },
      { json: '"0000-01-01"', code: 'out_of_range' },
      { json: '"10000-01-01"', code: 'invalid_format' },
      { json: '"1996-1-2"', code: 'invalid_format' },
      { json: '"19960102"', code: 'invalid_format' },
      { json: '"02/01/1996"', code: 'invalid_format' },
      { json: '"1996-01-02T00:00:00Z"', code: 'invalid_format' },
      { json: '"today"', code: 'invalid_format' },
      { json: '""', code: 'invalid_format' },
      { json: '19960102', code: 'wrong_type' },
    ],
  },
};
