import { problem, resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { lengthOf, textOf } from './support/value-type.ts';

function pieces(text: string, separator: string): readonly string[] {
  if (text === '') return [];
  return separator === '' ? [text] : text.split(separator);
}

export const split: FunctionDefinition = {
  name: 'split',
  group: 'text',
  doc: `The parts of a text between the occurrences of a separator, in order. Empty parts are kept. An empty text has no parts, as in
Postgres.`,
  parameters: [
    { name: 'text', takes: aText },
    { name: 'separator', takes: aText },
  ],
  returns: 'text[]',
  resolve: ([text, separator]) =>
    separator?.literal === ''
      ? problem(1, 'the separator is empty')
      : resolved({ kind: 'list', element: textOf(lengthOf(text?.type)) }, pieces),
  examples: [
    { call: 'split("a,b,,c", ",")', gives: ['a', 'b', '', 'c'] },
    { call: 'split("a--b", "--")', gives: ['a', 'b'] },
    { call: 'split("abc", ",")', gives: ['abc'] },
    { call: 'split("", ",")', gives: [] },
  ],
};
