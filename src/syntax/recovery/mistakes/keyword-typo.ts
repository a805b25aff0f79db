import type { IToken, TokenType } from 'chevrotain';
import type { Expected } from '../../../../grammar/expectation.ts';
import { advance, expectedIn } from '../../../../grammar/expectation.ts';
import { Identifier, reserved, word } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { closest } from '../../../diagnostics/suggest.ts';
import { tokenSpan } from '../../lower/context.ts';
import { UNKNOWN_KEYWORD } from '../../codes/structure.ts';
import { beginsLine, sameLine } from '../../layout.ts';
import type { Fix, Mistake, Stuck } from '../stuck.ts';
import { inPlaceOf } from '../virtual.ts';

const WORDS = new Map<string, TokenType>(Object.entries({ ...reserved, ...word }));

/** `entitty Order {`, `upsrt on (id)`, `chek total >= 0`: a word with a slip in it. */
export const keywordTypo: Mistake = (stuck) => typoOfFound(stuck) ?? typoBefore(stuck);

function typoOfFound(stuck: Stuck): Fix | undefined {
  const { found, at, expected } = stuck;
  if (found?.tokenType !== Identifier) return undefined;
  const meant = nearestWord(found, expected);
  return meant === undefined ? undefined : fixOf(stuck, at, found, meant);
}

/** A misspelt word was read as a name, and what follows fits the word but no name. */
function typoBefore(stuck: Stuck): Fix | undefined {
  const { file, found, before, at, states, tokens } = stuck;
  const state = states[at - 1];
  if (found === undefined || before?.tokenType !== Identifier || state === undefined) return undefined;
  const meant = nearestWord(before, expectedIn(state));
  if (meant === undefined) return undefined;
  const next = tokens[at + 1];
  const following = [inPlaceOf(before, meant), found, ...(next === undefined ? [] : [next])];
  if (following.reduce(advance, state).length === 0) return undefined;
  // A field may well be called `ore`; a line seldom begins with an operator.
  if ((meant === reserved.and || meant === reserved.or) && beginsLine(file, before)) return undefined;
  // `checks int` lacks a `:`, `chek total >= 0` does not.
  const alone = next === undefined || !sameLine(file, before.startOffset, next.startOffset);
  if (meant === word.check && alone) return undefined;
  return fixOf(stuck, at - 1, before, meant);
}

function nearestWord(token: IToken, expected: readonly Expected[]): TokenType | undefined {
  const words = expected.map(({ type }) => type.LABEL ?? '').filter((label) => WORDS.has(label));
  const near = closest(token.image, words);
  return near === undefined ? undefined : WORDS.get(near);
}

function fixOf({ file }: Stuck, at: number, token: IToken, meant: TokenType): Fix {
  return {
    finding: finding(
      UNKNOWN_KEYWORD,
      tokenSpan(file, token),
      `unknown keyword \`${token.image}\`; did you mean \`${meant.LABEL}\`?`,
      { label: 'unknown keyword', help: `write \`${meant.LABEL}\`` },
    ),
    from: at,
    to: at + 1,
    insert: [inPlaceOf(token, meant)],
    sure: true,
  };
}
