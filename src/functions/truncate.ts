import { sliceCharacters } from './support/characters.ts';
import { noResult } from './support/no-result.ts';
import { problem, resolved, type FunctionDefinition } from './function.ts';
import { aText, anInt } from './support/pattern.ts';
import { lengthOf, textOf } from './support/value-type.ts';

const cut = (text: string, length: number) =>
  length < 0 ? noResult('the length is negative') : sliceCharacters(text, 0, length);

export const truncate: FunctionDefinition = {
  name: 'truncate',
  group: 'text',
  doc: `The first characters of a text, or all of them if it is not longer. If the length is a literal, the result is a \`text(n)\`, which
fits a column of that length without a warning.`,
  parameters: [
    { name: 'text', takes: aText },
    { name: 'length', takes: anInt },
  ],
  returns: 'text(length)',
  fails: 'the length is negative',
  resolve: ([text, length]) => {
    const written = length?.literal;
    if (typeof written !== 'number') return resolved(textOf(lengthOf(text?.type)), cut);
    if (written < 0) return problem(1, 'the length is negative');
    return resolved(textOf(Math.min(written, lengthOf(text?.type) ?? Infinity)), cut);
  },
  examples: [
    { call: 'truncate("a long remark", 6)', gives: 'a long' },
    { call: 'truncate("short", 80)', gives: 'short' },
    { call: 'truncate("🚀🚀🚀", 2)', gives: '🚀🚀' },
    {
      call: 'truncate("short", n)',
      fields: 'n: int',
      message: '{"n": -1}',
      gives: { rejected: 'the length is negative' },
    },
  ],
};
