import { timestamp } from '../types/timestamp.ts';
import { isRefusal, type Value } from '../types/value.ts';
import { datePattern, PATTERN_HELP, patternHelp, type Field, type Parts } from './support/date-pattern.ts';
import { noResult, type NoResult } from './support/no-result.ts';
import { problem, resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { momentOf, timeZoneIn } from './support/time-zone.ts';
import { TIMESTAMP } from './support/value-type.ts';

const decode = timestamp.decoder([]);

const NO_MOMENT = noResult('the day or time does not exist');

function moment(text: string, form: string): Value | NoResult {
  const read = decode(text);
  if (!isRefusal(read)) return read;
  return read.code === 'out_of_range'
    ? NO_MOMENT
    : noResult(`the text is not a timestamp of the form ${form}`);
}

/** ISO 8601 of the parts, midnight where the pattern has no time. */
function isoOf(parts: Parts): string {
  const { year, month, day, hour = '00', minute = '00', second = '00', fraction } = parts;
  const behind = fraction === undefined ? '' : `.${fraction}`;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${behind}${parts.offset ?? 'Z'}`;
}

/** Each but the first three only together with the one before it. */
const order: readonly Field[] = ['year', 'month', 'day', 'hour', 'minute', 'second', 'fraction'];

export const parseTimestamp: FunctionDefinition = {
  name: 'parse_timestamp',
  group: 'conversions',
  doc: `Reads a timestamp from a text, in ISO 8601 with an offset, or in the form of a pattern (see \`parse_date\`). A timestamp needs an
offset. If the pattern has none, the third argument gives the time zone of the sender, for example \`"Z"\`, \`"+01:00"\` or
\`"Europe/Berlin"\`. When the clocks of a zone go back, one hour occurs twice; the second one is used, as in Postgres. A time that
the clocks skip is rejected.`,
  parameters: [
    { name: 'text', takes: aText },
    { name: 'pattern', takes: aText, optional: true, literal: true },
    { name: 'zone', takes: aText, optional: true, literal: true },
  ],
  returns: 'timestamp',
  fails: 'the text has another form, or the day or time does not exist',
  resolve: ([, pattern, zone]) => {
    if (pattern === undefined)
      return resolved(TIMESTAMP, (text: string) => moment(text, "yyyy-MM-dd'T'HH:mm:ssXXX"));
    const written = String(pattern.literal);
    const form = datePattern(written);
    if (form.kind === 'bad') return problem(1, form.message, patternHelp(form));
    const last = Math.max(2, ...[...form.fields].map((field) => order.indexOf(field)));
    const missing = order
      .slice(0, last)
      .concat(order.slice(0, 3))
      .find((field) => !form.fields.has(field));
    if (missing !== undefined)
      return problem(1, `the pattern of a timestamp has no ${missing}`, PATTERN_HELP);
    const reads = form.fields.has('offset');
    if (reads && zone !== undefined) return problem(2, 'the pattern already has an offset');
    if (!reads && zone === undefined)
      return problem(
        1,
        'a timestamp needs an offset, and this pattern has none',
        'give the offset or time zone: `parse_timestamp(text, pattern, "Z")`',
      );
    const meant = zone === undefined ? undefined : timeZoneIn(zone, 2);
    if (meant?.kind === 'problem') return meant;
    return resolved(TIMESTAMP, (text: string) => {
      const parts = form.read(text);
      if (parts === undefined) return noResult(`the text is not a timestamp of the form ${written}`);
      const read = moment(isoOf(parts), written);
      return meant === undefined || typeof read !== 'string' ? read : (momentOf(read, meant) ?? NO_MOMENT);
    });
  },
  examples: [
    { call: 'parse_timestamp("2024-01-31T10:30:00+02:00")', gives: '2024-01-31T08:30:00Z' },
    { call: 'parse_timestamp("20240131103000", "yyyyMMddHHmmss", "Z")', gives: '2024-01-31T10:30:00Z' },
    {
      call: 'parse_timestamp("31.01.2024 10:30", "dd.MM.yyyy HH:mm", "+01:00")',
      gives: '2024-01-31T09:30:00Z',
    },
    {
      call: 'parse_timestamp("20240131103000.25-0500", "yyyyMMddHHmmss.SSXX")',
      gives: '2024-01-31T15:30:00.25Z',
    },
    {
      call: 'parse_timestamp("202407011030", "yyyyMMddHHmm", "Europe/Berlin")',
      gives: '2024-07-01T08:30:00Z',
    },
    {
      call: 'parse_timestamp("20241027023000.5", "yyyyMMddHHmmss.S", "Europe/Berlin")',
      gives: '2024-10-27T01:30:00.5Z',
    },
    {
      call: 'parse_timestamp("202403310230", "yyyyMMddHHmm", "Europe/Berlin")',
      gives: { rejected: 'the day or time does not exist' },
    },
    {
      call: 'parse_timestamp("20240131253000", "yyyyMMddHHmmss", "Z")',
      gives: { rejected: 'the day or time does not exist' },
    },
    {
      call: 'parse_timestamp("2024-01-31T10:30:00")',
      gives: { rejected: "the text is not a timestamp of the form yyyy-MM-dd'T'HH:mm:ssXXX" },
    },
  ],
};
