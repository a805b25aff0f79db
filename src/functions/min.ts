import { extreme } from './support/extreme.ts';
import type { FunctionDefinition } from './function.ts';
import { aNumberOrDate } from './support/pattern.ts';

export const min: FunctionDefinition = {
  name: 'min',
  group: 'numbers',
  doc: 'The smallest of several numbers, or the earliest of several dates or timestamps.',
  parameters: [
    { name: 'first', takes: aNumberOrDate, common: true },
    { name: 'other', takes: aNumberOrDate, common: true, repeated: true },
  ],
  returns: 'the type that all of them fit',
  resolve: (call) => extreme(call, (order) => order < 0),
  examples: [
    { call: 'min(3, 1, 2)', gives: 1 },
    { call: 'min(price, 10)', fields: 'price: decimal(5, 2)', message: '{"price": 12}', gives: '10.00' },
    {
      call: 'min(shipped, due)',
      fields: 'shipped: date  due: date',
      message: '{"shipped": "2024-03-01", "due": "2024-02-29"}',
      gives: '2024-02-29',
    },
    { call: 'min(a, 1)', fields: 'a: int?', message: '{}', gives: null },
  ],
};
