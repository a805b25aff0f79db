import fc from 'fast-check';
import type { TokenType } from 'chevrotain';
import { createTokenInstance } from '../../grammar/chevrotain.ts';
import { advance, begin, expectedIn, isComplete } from '../../grammar/expectation.ts';
import * as t from '../../grammar/tokens.ts';

/** So few names that many of them are declared, twice or used wrongly. */
const NAMES = [
  'id',
  'a',
  'b',
  'o',
  'E',
  'D',
  'S',
  'K',
  'Open',
  'text',
  'int',
  'decimal',
  'bool',
  'json',
  'date',
  'default',
];
const CALLS = ['trim', 'concat', 'count', 'now', 'parse_int', 'sum', 'first', 'hl7', 'meta', 'f', 'strict'];
const TEXTS = [
  '""',
  '"a"',
  '"a.b"',
  '"t.ingest.{entity}"',
  '"2024-02-30"',
  '"\\u0000"',
  '"%"',
  '"(["',
  '"./x.nom"',
];
const NUMBERS = ['0', '1', '2', '3.5', '1e-999999999', '1e400', '2147483648', '9'.repeat(40), '10'];

const IMAGES: ReadonlyMap<TokenType, readonly string[]> = new Map([
  [t.Identifier, [...NAMES, ...CALLS]],
  [t.TextLiteral, TEXTS],
  [t.NumberLiteral, NUMBERS],
  [t.DurationLiteral, ['1s', '0ms', '999999999d', '5m']],
  [t.SizeLiteral, ['1KB', '999999999999GB']],
]);

const CLOSERS = new Set<TokenType>([t.RightCurly, t.RightParen, t.RightSquare]);

/** Words of the language in an order that its grammar allows, chosen by numbers. Most are whole programs. */
function sentence(choices: readonly number[]): readonly string[] {
  const words: string[] = [];
  let state = begin('file');
  for (const [at, choice] of choices.entries()) {
    const expected = expectedIn(state).filter(({ type }) => type !== t.MissingExpression);
    const closing = expected.filter(({ type }) => CLOSERS.has(type));
    // In the second half what is open is closed.
    const ends = at > choices.length / 2;
    if (ends && isComplete(state)) break;
    const from = ends && closing.length > 0 ? closing : expected;
    const type = from[choice % Math.max(from.length, 1)]?.type;
    if (type === undefined) break;
    const images = IMAGES.get(type) ?? [type.LABEL ?? type.name];
    const image = images[Math.floor(choice / 64) % images.length] ?? '';
    words.push(image);
    state = advance(state, createTokenInstance(type, image, 0, 0, 0, 0, 0, 0));
  }
  return words;
}

interface Edit {
  readonly kind: 'delete' | 'repeat' | 'swap' | 'put';
  readonly at: number;
  readonly other: number;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('delete', 'repeat', 'swap', 'put'),
  at: fc.nat(10_000),
  other: fc.nat(10_000),
});

/** Words of the language, and of others, that are put where they do not belong. */
const FOREIGN = [
  '&&',
  '||',
  '!',
  '=>',
  ';',
  ',',
  '`a${b}c`',
  "'x'",
  '#',
  '--',
  '?',
  '|',
  'null',
  'type',
  'create table',
  'export',
];

function edited(words: readonly string[], { kind, at, other }: Edit): readonly string[] {
  if (words.length === 0) return FOREIGN.slice(0, at % FOREIGN.length);
  const [index, second] = [at % words.length, other % words.length];
  const word = words[index] ?? '';
  switch (kind) {
    case 'delete':
      return words.toSpliced(index, 1 + (other % 3));
    case 'repeat':
      return words.toSpliced(index, 0, ...words.slice(index, index + 1 + (other % 8)));
    case 'swap':
      return words.with(index, words[second] ?? '').with(second, word);
    case 'put':
      return words.toSpliced(index, 0, FOREIGN[other % FOREIGN.length] ?? '');
  }
}

const blank = fc.constantFrom(' ', '\n', '  ', '\n  ');
const choices = fc.array(fc.nat(1 << 20), { minLength: 4, maxLength: 160 });
const prelude =
  'enum K { Open  Closed } shape S { a: int  b: text? } entity E { id: int  a: text  s: S[]  k: K  store e { key (id)  upsert on (id) } }\n';

/** A program that the grammar makes, as it is or with some of its words changed. */
export const byGrammar: fc.Arbitrary<string> = fc
  .tuple(choices, fc.array(edit, { maxLength: 4 }), blank, fc.boolean())
  .map(([numbers, edits, gap, declared]) => {
    const words = edits.reduce(edited, sentence(numbers));
    return `${declared ? prelude : ''}${words.join(gap)}`;
  });

/** The same changes to programs that were written by hand. */
export function byWords(programs: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...programs), fc.array(edit, { minLength: 1, maxLength: 5 }))
    .map(([program, edits]) => {
      const starts = [0, ...t.tokenize(program).tokens.map(({ startOffset }) => startOffset), program.length];
      const words = starts.slice(1).map((end, at) => program.slice(starts[at], end));
      return edits.reduce<readonly string[]>(edited, words).join('');
    });
}
