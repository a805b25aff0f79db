import { resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { BOOL } from './support/value-type.ts';

export const endsWith: FunctionDefinition = {
  name: 'ends_with',
  group: 'text',
  doc: 'True if a text ends with another text. Every text ends with the empty text.',
  parameters: [
    { name: 'text', takes: aText },
    { name: 'end', takes: aText },
  ],
  returns: 'bool',
  resolve: () => resolved(BOOL, (text: string, end: string) => text.endsWith(end)),
  examples: [
    { call: 'ends_with("orders.csv", ".csv")', gives: true },
    { call: 'ends_with("orders.csv", "orders")', gives: false },
  ],
};
