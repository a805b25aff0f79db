import { resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { BOOL } from './support/value-type.ts';

export const contains: FunctionDefinition = {
  name: 'contains',
  group: 'text',
  doc: 'True if a text contains another text. Upper and lower case are different.',
  parameters: [
    { name: 'text', takes: aText },
    { name: 'part', takes: aText },
  ],
  returns: 'bool',
  resolve: () => resolved(BOOL, (text: string, part: string) => text.includes(part)),
  examples: [
    { call: 'contains("express delivery", "press")', gives: true },
    { call: 'contains("express delivery", "Express")', gives: false },
    { call: 'contains(lower("Express"), "express")', gives: true },
  ],
};
