import { dateOfDay, dayNumber } from './support/day-number.ts';
import { noResult } from './support/no-result.ts';
import { resolved, type FunctionDefinition } from './function.ts';
import { aDateOrTimestamp, anInt } from './support/pattern.ts';
import { DATE } from './support/value-type.ts';

export const addDays: FunctionDefinition = {
  name: 'add_days',
  group: 'dates',
  doc: 'A date plus a number of days. A negative number gives an earlier date. A timestamp keeps its time of day in UTC.',
  parameters: [
    { name: 'date', takes: aDateOrTimestamp },
    { name: 'days', takes: anInt },
  ],
  returns: 'the type of the date',
  fails: 'the year of the result is not from 0001 to 9999',
  resolve: ([date]) =>
    resolved(date?.type ?? DATE, (value: string, days: number) => {
      const later = dateOfDay(dayNumber(value) + days);
      return later === undefined
        ? noResult('the year of the result is not from 0001 to 9999')
        : later + value.slice(10);
    }),
  examples: [
    { call: 'add_days("2024-02-28", 2)', gives: '2024-03-01' },
    { call: 'add_days("2024-01-01", -1)', gives: '2023-12-31' },
    {
      call: 'add_days(at, 30)',
      fields: 'at: timestamp',
      message: '{"at": "2024-01-31T10:30:00.5Z"}',
      gives: '2024-03-01T10:30:00.5Z',
    },
    {
      call: 'add_days("9999-12-31", 1)',
      gives: { rejected: 'the year of the result is not from 0001 to 9999' },
    },
  ],
};
