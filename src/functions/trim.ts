import { resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { lengthOf, textOf } from './support/value-type.ts';

export const trim: FunctionDefinition = {
  name: 'trim',
  group: 'text',
  doc: `The text without white space at both ends. White space is that of Unicode, including tabs and line ends. Postgres removes only
spaces.`,
  parameters: [{ name: 'text', takes: aText }],
  returns: 'text',
  resolve: ([text]) => resolved(textOf(lengthOf(text?.type)), (value: string) => value.trim()),
  examples: [
    { call: 'trim("  a b ")', gives: 'a b' },
    { call: 'trim("\\t\\u00a0x\\r\\n")', gives: 'x' },
    { call: 'trim("   ")', gives: '' },
    { call: 'trim(note)', fields: 'note: text?', message: '{"note": null}', gives: null },
  ],
};
