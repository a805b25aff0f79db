import { countCharacters } from './support/characters.ts';
import { resolved, type Argument, type FunctionDefinition } from './function.ts';
import { FAILS_LONG, LONGEST_TEXT, unlessTooLong } from './support/long-text.ts';
import type { NoResult } from './support/no-result.ts';
import { aText } from './support/pattern.ts';
import { lengthOf, textOf } from './support/value-type.ts';

function replaced(text: string, from: string, to: string): string | NoResult {
  if (from === '') return text;
  const most = to.length <= from.length ? 0 : (text.length / from.length) * (to.length - from.length);
  // Only where it may be too long are the places counted.
  const added =
    text.length + most <= LONGEST_TEXT ? 0 : (text.split(from).length - 1) * (to.length - from.length);
  // By a function, because `$&` in a replacement text would mean something.
  return unlessTooLong(text.length + added, () => text.replaceAll(from, () => to));
}

/** The length of the longest result, for a text with this many characters. */
function longest(text: Argument | undefined, from: Argument | undefined, to: Argument | undefined) {
  const length = lengthOf(text?.type);
  const added = lengthOf(to?.type);
  if (length === undefined || added === undefined) return undefined;
  const removed = typeof from?.literal === 'string' ? countCharacters(from.literal) : 1;
  if (removed === 0 || added <= removed) return length;
  return Math.floor(length / removed) * added + (length % removed);
}

export const replace: FunctionDefinition = {
  name: 'replace',
  group: 'text',
  doc: 'The text with every occurrence of one text replaced by another. An empty text to search for is never found.',
  parameters: [
    { name: 'text', takes: aText },
    { name: 'from', takes: aText },
    { name: 'to', takes: aText },
  ],
  returns: 'text',
  fails: FAILS_LONG,
  resolve: ([text, from, to]) => resolved(textOf(longest(text, from, to)), replaced),
  examples: [
    { call: 'replace("1.234.567", ".", "")', gives: '1234567' },
    { call: 'replace("aaa", "aa", "b")', gives: 'ba' },
    { call: 'replace("cost", "c", "$&")', gives: '$&ost' },
    { call: 'replace("abc", "", "-")', gives: 'abc' },
  ],
};
