import type { TokenType } from 'chevrotain';
import type { Expected } from '../../../../grammar/expectation.ts';
import * as t from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { MISSING_WORD } from '../../codes/structure.ts';
import { tokenSpan } from '../../lower/context.ts';
import { describeExpected, describeToken, isOperator } from '../describe.ts';
import { exampleHelp } from '../example.ts';
import type { Mistake, Stuck } from '../stuck.ts';
import { beginsItem } from '../items.ts';
import { fits, gapOf } from '../stuck.ts';
import { emptyAt, endOf } from '../virtual.ts';

/** Kinds of tokens that have no one spelling, and what to put in for them. */
const PLACEHOLDERS = new Map<TokenType, string>([
  [t.Identifier, ''],
  [t.TextLiteral, '""'],
  [t.NumberLiteral, '0'],
  [t.DurationLiteral, '0s'],
]);

/** Rules whose first name stands for the whole of what they read. */
const ITEM_NAMES = new Set(['field', 'setting', 'enumMember', 'parameter']);

/** `upsert (id)`: one word more, and everything fits. */
export const missingWord: Mistake = (stuck) => {
  const { found, before, at, expected } = stuck;
  if (found === undefined || before === undefined) return undefined;
  const offset = endOf(before);
  const candidates = new Map(
    expected
      .filter((option) => !isOperator(option) && !beginsItem(option) && fitsWith(stuck, option.type))
      .map((option) => [option.type, option]),
  );
  // Every contextual word is a name too; where a name is missing, none of them is what was meant.
  const [option, ...more] = candidates.has(t.Identifier) ? names(candidates.values()) : candidates.values();
  // Where several would do, nobody knows what was meant.
  if (option === undefined || more.length > 0) return undefined;
  // A word needs a blank on both sides, so it is shown with what follows it.
  const worded = /^[a-z_]+$/.test(option.type.LABEL ?? '') && !PLACEHOLDERS.has(option.type);
  const phrase = ITEM_NAMES.has(option.rule) ? 'a name' : describeExpected([option]);
  return {
    finding: finding(
      MISSING_WORD,
      worded ? tokenSpan(stuck.file, found) : gapOf(stuck),
      `expected ${phrase} after ${describeToken(before)}, found ${describeToken(found)}`,
      {
        label: worded ? `expected ${phrase} before this` : `expected ${phrase} here`,
        help: worded ? `write \`${option.type.LABEL ?? ''} ${found.image}\`` : signHelp(stuck, option),
      },
    ),
    from: at,
    to: at,
    insert: [emptyAt(offset, option.type, PLACEHOLDERS.get(option.type))],
    sure: false,
  };
};

/** A sign can be written at once; what has no one spelling, and the braces of a store, need an example. */
function signHelp(stuck: Stuck, { type, rule }: Expected): string {
  const braces = rule === 'store' && type === t.LeftCurly && stuck.found?.tokenType === t.RightCurly;
  if (braces || PLACEHOLDERS.has(type) || type.LABEL === undefined) return exampleHelp(stuck, rule);
  return `write \`${type.LABEL}\` here`;
}

function names(candidates: Iterable<Expected>): readonly Expected[] {
  return [...candidates].filter(({ type }) => type === t.Identifier);
}

/** Whether what is found, and the token behind it, fit after a token of the type. */
function fitsWith(stuck: Stuck, type: TokenType): boolean {
  const { tokens, at, found } = stuck;
  const next = tokens[at + 1];
  if (found === undefined) return false;
  const inserted = emptyAt(found.startOffset, type, PLACEHOLDERS.get(type));
  return fits(stuck, inserted, found, ...(next === undefined ? [] : [next]));
}
