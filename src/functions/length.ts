import { countCharacters } from './support/characters.ts';
import { resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { INT } from './support/value-type.ts';

export const length: FunctionDefinition = {
  name: 'length',
  group: 'text',
  doc: 'How many characters a text has: code points of Unicode, as Postgres counts. Elements of a list are counted by `count`.',
  parameters: [{ name: 'text', takes: aText }],
  returns: 'int',
  resolve: () => resolved(INT, countCharacters),
  examples: [
    { call: 'length("héé")', gives: 3 },
    { call: 'length("🚀!")', gives: 2 },
    { call: 'length("")', gives: 0 },
  ],
};
