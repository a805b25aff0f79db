import { resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { BOOL } from './support/value-type.ts';

export const contains: FunctionDefinition = {
  name: 'contains',
  group: 'text',
  doc: 'Whether a text has another one in it, as it is written: upper and lower case differ.',
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
