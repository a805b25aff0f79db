import { noResult } from './support/no-result.ts';
import { resolved, type FunctionDefinition } from './function.ts';
import { aText, aTimestamp } from './support/pattern.ts';
import { localTime, timeZoneIn } from './support/time-zone.ts';
import { DATE } from './support/value-type.ts';

const OUTSIDE = noResult('the moment is there not in the years 0001 to 9999');

export const dateOf: FunctionDefinition = {
  name: 'date_of',
  group: 'dates',
  doc: `The day of a timestamp in UTC, whatever offset the sender wrote. With a time zone, such as \`"Europe/Berlin"\` or \`"+01:00"\`,
the day in that zone.`,
  parameters: [
    { name: 'timestamp', takes: aTimestamp },
    { name: 'zone', takes: aText, optional: true, literal: true },
  ],
  returns: 'date',
  fails: 'the moment is in the time zone not in the years 0001 to 9999',
  resolve: ([, zone]) => {
    if (zone === undefined) return resolved(DATE, (moment: string) => moment.slice(0, 10));
    const meant = timeZoneIn(zone, 1);
    if (meant.kind === 'problem') return meant;
    return resolved(DATE, (moment: string) => localTime(moment, meant)?.slice(0, 10) ?? OUTSIDE);
  },
  examples: [
    { call: 'date_of("2024-01-31T23:30:00Z")', gives: '2024-01-31' },
    {
      call: 'date_of(at)',
      fields: 'at: timestamp',
      message: '{"at": "2024-02-01T00:30:00+02:00"}',
      gives: '2024-01-31',
    },
    { call: 'date_of("2024-01-31T23:30:00Z", "Europe/Berlin")', gives: '2024-02-01' },
    {
      call: 'date_of("9999-12-31T23:30:00Z", "+01:00")',
      gives: { rejected: 'the moment is there not in the years 0001 to 9999' },
    },
  ],
};
