import { date } from '../types/date.ts';
import { isRefusal, type Value } from '../types/value.ts';
import { datePattern, PATTERN_HELP, patternHelp, type Field } from './support/date-pattern.ts';
import { noResult, type NoResult } from './support/no-result.ts';
import { problem, resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { DATE } from './support/value-type.ts';

const decode = date.decoder([]);

const NO_DAY = noResult('the day does not exist');

function day(text: string, form: string): Value | NoResult {
  const read = decode(text);
  if (!isRefusal(read)) return read;
  return read.code === 'out_of_range' ? NO_DAY : noResult(`the text is not a date of the form ${form}`);
}

const needed: readonly Field[] = ['year', 'month', 'day'];

export const parseDate: FunctionDefinition = {
  name: 'parse_date',
  group: 'conversions',
  doc: `Reads a date from a text, in ISO 8601 or in the form of a pattern. The pattern must match the whole text:

| in the pattern | reads |
| --- | --- |
| \`yyyy\` | a year of four digits |
| \`MM\`, \`M\`, \`MMM\` | a month: two digits, one or two, \`Jan\` to \`Dec\` in any case |
| \`dd\`, \`d\` | a day: two digits, one or two |
| \`HH\`, \`H\`, \`mm\`, \`ss\` | hour (0 to 23), minute, second |
| \`S\` to \`SSSSSS\` | a fraction of a second, a digit for each letter |
| \`XXX\`, \`XX\` | an offset, \`+02:00\` or \`+0200\`, or \`Z\` |
| \`'T'\` | literal letters; \`''\` is a quote |
| other characters | themselves |

A time of day in the pattern is read, but is not part of the date. Years of two digits are not supported, because their century is
unknown.`,
  parameters: [
    { name: 'text', takes: aText },
    { name: 'pattern', takes: aText, optional: true, literal: true },
  ],
  returns: 'date',
  fails: 'the text has another form, or the day does not exist',
  resolve: ([, pattern]) => {
    if (pattern === undefined) return resolved(DATE, (text: string) => day(text, 'yyyy-MM-dd'));
    const written = String(pattern.literal);
    const form = datePattern(written);
    if (form.kind === 'bad') return problem(1, form.message, patternHelp(form));
    const missing = needed.filter((field) => !form.fields.has(field));
    if (missing.length > 0)
      return problem(
        1,
        `the date pattern has no ${missing.join(' and no ')}`,
        form.fields.has('minute') ? '`mm` is the minute, `MM` the month' : PATTERN_HELP,
      );
    if (form.fields.has('offset'))
      return problem(
        1,
        'the pattern of a date cannot have an offset',
        'read a timestamp and take its day in UTC: `date_of(parse_timestamp(…))`',
      );
    return resolved(DATE, (text: string) => {
      const parts = form.read(text);
      if (parts === undefined) return noResult(`the text is not a date of the form ${written}`);
      return day(`${parts.year}-${parts.month}-${parts.day}`, written);
    });
  },
  examples: [
    { call: 'parse_date("2024-01-31")', gives: '2024-01-31' },
    { call: 'parse_date("20240131", "yyyyMMdd")', gives: '2024-01-31' },
    { call: 'parse_date("31.1.2024", "d.M.yyyy")', gives: '2024-01-31' },
    { call: 'parse_date("29-FEB-2024", "dd-MMM-yyyy")', gives: '2024-02-29' },
    { call: 'parse_date("20240131103000", "yyyyMMddHHmmss")', gives: '2024-01-31' },
    { call: 'parse_date("2023-02-29")', gives: { rejected: 'the day does not exist' } },
    {
      call: 'parse_date("31.01.2024", "yyyyMMdd")',
      gives: { rejected: 'the text is not a date of the form yyyyMMdd' },
    },
    {
      call: 'parse_date("20240131Z", "yyyyMMdd")',
      gives: { rejected: 'the text is not a date of the form yyyyMMdd' },
    },
    { call: 'parse_date(day)', fields: 'day: text?', message: '{}', gives: null },
  ],
};
