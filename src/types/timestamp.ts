import {
  clockText,
  dateText,
  IMPOSSIBLE,
  MALFORMED,
  neighbourDay,
  readClock,
  readDate,
  readOffset,
} from './calendar.ts';
import type { ColumnType, Decoder } from './column-type.ts';
import { counted, wrongType } from './found.ts';
import { readFraction } from './fraction-of-second.ts';
import { type Refusal, refuse, type Value } from './value.ts';

const EXPECTED = 'a timestamp with an offset, of the form 1996-01-02T10:30:00Z or 1996-01-02T10:30:00+02:00';

const DAY = 86_400;

const decode: Decoder = (json) => {
  if (typeof json !== 'string') return wrongType(EXPECTED, json);
  const day = readDate(json, 0);
  const seconds = json.charCodeAt(10) === 84 ? readClock(json, 11) : MALFORMED;
  if (day > 0 && seconds >= 0 && json.length === 20 && json.charCodeAt(19) === 90) return json;
  return decodeRare(json, day, seconds);
};

/** Everything but a whole second in UTC: fractions, offsets, refusals. */
function decodeRare(json: string, day: number, seconds: number): Value | Refusal {
  // ISO 8601 allows a time without seconds, and Java leaves them out where they are 0.
  if (/^.{10}T[0-9:]{5}(?:[Z+-]|$)/.test(json)) return decode(`${json.slice(0, 16)}:00${json.slice(16)}`);
  if (day === MALFORMED || seconds === MALFORMED) return malformed('a string of another form');
  const fraction = readFraction(json, 19);
  if (fraction.kind === 'malformed') return malformed('a string of another form');
  const end = fraction.kind === 'fraction' ? fraction.end : endOfDigits(json, 20);
  if (end === json.length) return malformed('a timestamp without an offset');
  const utc = json.charCodeAt(end) === 90 && json.length === end + 1;
  const offset = utc ? 1440 : readOffset(json, end);
  if (offset === MALFORMED) return malformed('a string of another form');
  if (fraction.kind === 'too-precise') {
    return refuse(
      'too_precise',
      'a timestamp with at most 6 fraction digits',
      counted(fraction.digits, 'fraction digit'),
    );
  }
  if (day === IMPOSSIBLE || seconds === IMPOSSIBLE || offset === IMPOSSIBLE) {
    return outOfRange('a day, time or offset that does not exist');
  }
  if (utc) return `${json.slice(0, 19)}${fraction.text}Z`;
  return inUtc(day, seconds - (offset - 1440) * 60, fraction.text);
}

/** An offset is less than a day, so UTC is at most one day away. */
function inUtc(day: number, seconds: number, fraction: string): string | Refusal {
  const utcDay = seconds < 0 ? neighbourDay(day, -1) : seconds >= DAY ? neighbourDay(day, 1) : day;
  if (utcDay === undefined) return outOfRange('a time that is outside these years in UTC');
  return `${dateText(utcDay)}T${clockText((seconds + DAY) % DAY)}${fraction}Z`;
}

function endOfDigits(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
  return at;
}

function malformed(found: string): Refusal {
  return refuse('invalid_format', EXPECTED, found);
}

function outOfRange(found: string): Refusal {
  return refuse('out_of_range', 'a moment of the calendar, year 0001 to 9999', found);
}

/** By code unit, once the `Z` is off that would sort behind the dot of a fraction. */
function compare(left: string, right: string): number {
  if (left === right) return 0;
  if (left.length === right.length) return left < right ? -1 : 1;
  return left.slice(0, -1) < right.slice(0, -1) ? -1 : 1;
}

export const timestamp: ColumnType = {
  name: 'timestamp',
  doc: 'A point in time, in ISO 8601 with an offset, for example `1996-01-02T10:30:00Z`, to the microsecond. It is stored in UTC.',
  parameters: [],
  parametersRequired: false,
  literal: 'string',
  decoder: () => decode,
  toText: (value) => value as string,
  bare: true,
  toJson: (value) => value,
  compare: (left, right) => compare(left as string, right as string),
  key: true,
  typescript: 'string',
  // Not the format date-time, which demands seconds.
  jsonSchema: () => ({
    type: 'string',
    pattern:
      '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6}0*)?)?(Z|[+-][0-9]{2}:[0-9]{2})$',
  }),
  examples: {
    accepted: [
      { json: '"1996-01-02T10:30:00Z"', text: '1996-01-02T10:30:00Z' },
      { json: '"1996-01-02T10:30:00.123456Z"', text: '1996-01-02T10:30:00.123456Z' },
      { json: '"1996-01-02T10:30:00.500Z"', text: '1996-01-02T10:30:00.5Z' },
      { json: '"1996-01-02T10:30:00.0000000Z"', text: '1996-01-02T10:30:00Z' },
      { json: '"1996-01-02T10:30:00+00:00"', text: '1996-01-02T10:30:00Z' },
      { json: '"1996-01-02T10:30:00+02:00"', text: '1996-01-02T08:30:00Z' },
      { json: '"2024-02-29T23:30:00-05:30"', text: '2024-03-01T05:00:00Z' },
      { json: '"2023-12-31T23:00:00-01:00"', text: '2024-01-01T00:00:00Z' },
      { json: '"2024-01-01T01:00:00+01:00"', text: '2024-01-01T00:00:00Z' },
      { json: '"2024-01-01T00:30:00.25+14:00"', text: '2023-12-31T10:30:00.25Z' },
      { json: '"1996-01-02T10:30Z"', text: '1996-01-02T10:30:00Z' },
      { json: '"1996-01-02T10:30+02:00"', text: '1996-01-02T08:30:00Z' },
      { json: '"0001-01-01T00:00:00Z"', text: '0001-01-01T00:00:00Z' },
      { json: '"9999-12-31T23:59:59.999999Z"', text: '9999-12-31T23:59:59.999999Z' },
    ],
    rejected: [
      { json: '"1996-01-02T10:30:00"', code: 'invalid_format' },
      { json: '"1996-01-02T10:30:00.5"', code: 'invalid_format' },
      { json: '"1996-01-02"', code: 'invalid_format' },
      { json: '"1996-01-02 10:30:00Z"', code: 'invalid_format' },
      { json: '"1996-01-02T10:30"', code: 'invalid_format' },
      { json: '"1996-01-02T10:3Z"', code: 'invalid_format' },
      { json: '"1996-01-02T10Z"', code: 'invalid_format' },
      { json: '"1996-01-02T10:30:00z"', code: 'invalid_format' },
      { json: '"1996-01-02T10:30:00+0200"', code: 'invalid_format' },
      { json: '"1996-01-02T10:30:00 +02:00"', code: 'invalid_format' },
      { json: '"1996-01-02T10:30:00ZZ"', code: 'invalid_format' },
      { json: '"1996-01-02T10:30:00.Z"', code: 'invalid_format' },
      { json: '"now"', code: 'invalid_format' },
      { json: '"infinity"', code: 'invalid_format' },
      { json: '"1996-02-30T10:30:00Z"', code: 'out_of_range' },
      { json: '"1996-01-02T24:00:00Z"', code: 'out_of_range' },
      { json: '"2016-12-31T23:59:60Z"', code: 'out_of_range' },
      { json: '"1996-01-02T10:30:00+24:00"', code: 'out_of_range' },
      { json: '"0000-12-31T23:30:00-01:00"', code: 'out_of_range' },
      { json: '"0001-01-01T00:30:00+01:00"', code: 'out_of_range' },
      { json: '"9999-12-31T23:30:00-01:00"', code: 'out_of_range' },
      { json: '"1996-01-02T10:30:00.1234567Z"', code: 'too_precise' },
      { json: '820578600', code: 'wrong_type' },
    ],
  },
};
