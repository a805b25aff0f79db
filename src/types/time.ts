import { IMPOSSIBLE, MALFORMED, readClock } from './calendar.ts';
import type { ColumnType, Decoder } from './column-type.ts';
import { counted, wrongType } from './found.ts';
import { readFraction } from './fraction-of-second.ts';
import { compareTexts } from './text-order.ts';
import { refuse } from './value.ts';

const EXPECTED = 'a time of day of the form 10:30:00';

const decode: Decoder = (json) => {
  if (typeof json !== 'string') return wrongType(EXPECTED, json);
  // ISO 8601 allows it, and Java leaves the seconds out where they are 0.
  if (json.length === 5) return decode(`${json}:00`);
  const seconds = readClock(json, 0);
  if (seconds >= 0 && json.length === 8) return json;
  const malformed = refuse('invalid_format', EXPECTED, 'a string of another form');
  if (seconds === MALFORMED) return malformed;
  const fraction = readFraction(json, 8);
  switch (fraction.kind) {
    case 'malformed':
      return malformed;
    case 'too-precise':
      return refuse(
        'too_precise',
        'a time with at most 6 fraction digits',
        counted(fraction.digits, 'fraction digit'),
      );
    case 'fraction':
      if (fraction.end !== json.length) return malformed;
      if (seconds === IMPOSSIBLE) {
        return refuse('out_of_range', 'a time from 00:00:00 to 23:59:59', 'a time that does not exist');
      }
      return json.slice(0, 8) + fraction.text;
  }
};

export const time: ColumnType = {
  name: 'time',
  doc: 'A time of day without a time zone, in ISO 8601, for example `10:30:00` or `10:30:00.25`, to the microsecond.',
  parameters: [],
  parametersRequired: false,
  literal: 'string',
  decoder: () => decode,
  toText: (value) => value as string,
  bare: true,
  toJson: (value) => value,
  compare: compareTexts,
  key: true,
  typescript: 'string',
  jsonSchema: () => ({
    type: 'string',
    pattern: '^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6}0*)?)?$',
  }),
  examples: {
    accepted: [
      { json: '"10:30:00"', text: '10:30:00' },
      { json: '"00:00:00"', text: '00:00:00' },
      { json: '"23:59:59.999999"', text: '23:59:59.999999' },
      { json: '"10:30"', text: '10:30:00' },
      { json: '"10:30:00.250"', text: '10:30:00.25' },
      { json: '"10:30:00.000"', text: '10:30:00' },
      { json: '"10:30:00.1234560000"', text: '10:30:00.123456' },
    ],
    rejected: [
      { json: '"24:00:00"', code: 'out_of_range' },
      { json: '"23:60:00"', code: 'out_of_range' },
      { json: '"23:59:60"', code: 'out_of_range' },
      { json: '"10:30:00.1234567"', code: 'too_precise' },
      { json: '"10:3"', code: 'invalid_format' },
      { json: '"10:30:"', code: 'invalid_format' },
      { json: '"10:30:00."', code: 'invalid_format' },
      { json: '"10:30:00Z"', code: 'invalid_format' },
      { json: '"10:30:00+02:00"', code: 'invalid_format' },
      { json: '"10.30.00"', code: 'invalid_format' },
      { json: '"1:30:00"', code: 'invalid_format' },
      { json: '"10:30:00 AM"', code: 'invalid_format' },
      { json: '""', code: 'invalid_format' },
      { json: '1030', code: 'wrong_type' },
    ],
  },
};
