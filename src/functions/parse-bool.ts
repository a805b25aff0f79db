import { noResult } from './support/no-result.ts';
import { resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { BOOL } from './support/value-type.ts';

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 't', 'yes', 'y', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', 'off', '0'].map((word) => [word, false] as const),
]);

export const parseBool: FunctionDefinition = {
  name: 'parse_bool',
  group: 'conversions',
  doc: 'Reads `true t yes y on 1` as true and `false f no n off 0` as false, in upper or lower case.',
  parameters: [{ name: 'text', takes: aText }],
  returns: 'bool',
  fails: 'the text is not one of these words',
  resolve: () =>
    resolved(
      BOOL,
      (text: string) => WORDS.get(text.toLowerCase()) ?? noResult('the text is neither true nor false'),
    ),
  examples: [
    { call: 'parse_bool("true")', gives: true },
    { call: 'parse_bool("N")', gives: false },
    { call: 'parse_bool("maybe")', gives: { rejected: 'the text is neither true nor false' } },
  ],
};
