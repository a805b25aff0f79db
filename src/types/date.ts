import { IMPOSSIBLE, readDate } from './calendar.ts';
import type { ColumnType, Decoder } from './column-type.ts';
import { wrongType } from './found.ts';
import { compareTexts } from './text-order.ts';
import { refuse } from './value.ts';

const EXPECTED = 'a date of the form 1996-01-02';

const decode: Decoder = (json) => {
  if (typeof json !== 'string') return wrongType(EXPECTED, json);
  const date = json.length === 10 ? readDate(json, 0) : -1;
  if (date > 0) return json;
  return date === IMPOSSIBLE
    ? refuse('out_of_range', 'a day of the calendar, year 0001 to 9999', 'a date that does not exist')
    : refuse('invalid_format', EXPECTED, 'a string of another form');
};

export const date: ColumnType = {
  name: 'date',
  doc: 'A date in ISO 8601, for example `1996-01-02`, in the years 0001 to 9999.',
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
