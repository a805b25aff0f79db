import { countCharacters } from './support/characters.ts';
import { resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { INT } from './support/value-type.ts';

export const length: FunctionDefinition = {
  name: 'length',
  group: 'text',
  doc: 'The number of characters of a text: code points of Unicode, as in Postgres. Use `count` for the elements of a list.',
  parameters: [{ name: 'text', takes: aText }],
  returns: 'int',
  resolve: () => resolved(INT, countCharacters),
  examples: [
    { call: 'length("héé")', gives: 3 },
    { call: 'length("🚀!")', gives: 2 },
    { call: 'length("")', gives: 0 },
  ],
};
