import { extreme } from './support/extreme.ts';
import type { FunctionDefinition } from './function.ts';
import { aNumberOrDate } from './support/pattern.ts';

export const max: FunctionDefinition = {
  name: 'max',
  group: 'numbers',
  doc: 'The largest of several numbers, or the latest of several dates or timestamps.',
  parameters: [
    { name: 'first', takes: aNumberOrDate, common: true },
    { name: 'other', takes: aNumberOrDate, common: true, repeated: true },
  ],
  returns: 'the type that all of them fit',
  resolve: (call) => extreme(call, (order) => order > 0),
  examples: [
    { call: 'max(3, 1, 2)', gives: 3 },
    { call: 'max(balance, 0)', fields: 'balance: decimal(5, 2)', message: '{"balance": -7}', gives: '0.00' },
    { call: 'max(n, 9007199254740993)', fields: 'n: int', message: '{"n": 1}', gives: '9007199254740993' },
  ],
};
