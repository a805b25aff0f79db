import { resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { BOOL } from './support/value-type.ts';

export const startsWith: FunctionDefinition = {
  name: 'starts_with',
  group: 'text',
  doc: 'True if a text starts with another text. Every text starts with the empty text.',
  parameters: [
    { name: 'text', takes: aText },
    { name: 'start', takes: aText },
  ],
  returns: 'bool',
  resolve: () => resolved(BOOL, (text: string, start: string) => text.startsWith(start)),
  examples: [
    { call: 'starts_with("DE-1044", "DE-")', gives: true },
    { call: 'starts_with("DE-1044", "de-")', gives: false },
    { call: 'starts_with("a", "")', gives: true },
  ],
};
