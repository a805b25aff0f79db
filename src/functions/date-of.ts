import { resolved, type FunctionDefinition } from './function.ts';
import { aTimestamp } from './pattern.ts';
import { DATE } from './value-type.ts';

export const dateOf: FunctionDefinition = {
  name: 'date_of',
  group: 'dates',
  doc: 'The day of a moment in UTC, whatever the offset that the sender wrote.',
  parameters: [{ name: 'timestamp', takes: aTimestamp }],
  returns: 'date',
  resolve: () => resolved(DATE, (moment: string) => moment.slice(0, 10)),
  examples: [
    { call: 'date_of("2024-01-31T23:30:00Z")', gives: '2024-01-31' },
    {
      call: 'date_of(at)',
      fields: 'at: timestamp',
      message: '{"at": "2024-02-01T00:30:00+02:00"}',
      gives: '2024-01-31',
    },
  ],
};
