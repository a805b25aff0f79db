import type { Value } from '../types/value.ts';
import { sliceCharacters } from './support/characters.ts';
import { noResult, type NoResult } from './support/no-result.ts';
import { problem, resolved, type FunctionDefinition } from './function.ts';
import { aText, anInt } from './support/pattern.ts';
import { lengthOf, textOf } from './support/value-type.ts';

/** As in Postgres, positions before the text count towards the length. */
function part(text: string, start: number, length?: number): Value | NoResult {
  if (length === undefined) return sliceCharacters(text, Math.max(start - 1, 0), Infinity);
  if (length < 0) return noResult('the length is negative');
  const end = start - 1 + length;
  return end <= 0 ? '' : sliceCharacters(text, Math.max(start - 1, 0), end);
}

export const substr: FunctionDefinition = {
  name: 'substr',
  group: 'text',
  doc: `The part of a text from a position, with a length or to the end. The first character has position 1. Positions outside of the
text are ignored. A start before 1 reduces the length, as in Postgres.`,
  parameters: [
    { name: 'text', takes: aText },
    { name: 'start', takes: anInt },
    { name: 'length', takes: anInt, optional: true },
  ],
  returns: 'text',
  fails: 'the length is negative',
  resolve: ([text, , length]) => {
    const written = length?.literal;
    if (typeof written !== 'number') return resolved(textOf(lengthOf(text?.type)), part);
    if (written < 0) return problem(2, 'a part of a text has no negative length');
    return resolved(textOf(Math.min(written, lengthOf(text?.type) ?? Infinity)), part);
  },
  examples: [
    { call: 'substr("hello", 2, 3)', gives: 'ell' },
    { call: 'substr("hello", 4)', gives: 'lo' },
    { call: 'substr("hello", 4, 10)', gives: 'lo' },
    { call: 'substr("hello", 0, 3)', gives: 'he' },
    { call: 'substr("hello", 9)', gives: '' },
    { call: 'substr("🚀go", 2, 1)', gives: 'g' },
    {
      call: 'substr("hello", 1, n)',
      fields: 'n: int',
      message: '{"n": -1}',
      gives: { rejected: 'the length is negative' },
    },
  ],
};
