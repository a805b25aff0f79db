import type { IToken } from 'chevrotain';
import { advance } from '../../../../grammar/expectation.ts';
import {
  Comma,
  LeftParen,
  LeftSquare,
  RightCurly,
  RightParen,
  RightSquare,
} from '../../../../grammar/tokens.ts';
import type { SourceFile } from '../../../text/source.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { tokenSpan } from '../../lower/context.ts';
import { SEPARATOR } from '../../codes/structure.ts';
import { describeToken } from '../describe.ts';
import { expectsItem, startsItem } from '../items.ts';
import { sameLine } from '../../layout.ts';
import type { Fix, Mistake, Stuck } from '../stuck.ts';
import { fits } from '../stuck.ts';

/** `id: int,` and `(a, b,)`. */
export const separator: Mistake = (stuck) => strayComma(stuck) ?? trailingComma(stuck);

function strayComma(stuck: Stuck): Fix | undefined {
  const { file, tokens, found, before, at, complete, expected, wantsValue } = stuck;
  if (found?.tokenType !== Comma) return undefined;
  const next = tokens[at + 1];
  const between = (complete || expectsItem(expected)) && endsItem(stuck);
  const value = wantsValue || expected.some(({ rule }) => rule === 'json' || rule === 'literal');
  if (value && before?.tokenType !== Comma) return undefined;
  if (!between && (next === undefined || !fits(stuck, next))) return undefined;
  return {
    finding: finding(
      SEPARATOR,
      tokenSpan(file, found),
      between ? 'unexpected comma: items in braces have no separator' : 'unexpected comma',
      {
        label: between ? 'not needed' : 'one too many',
        help: between ? `leave it out${others(tokens, at)}` : 'leave it out',
      },
    ),
    from: at,
    // The habit is one mistake: the commas at the ends of the other lines go with this one.
    to: between ? tokens.length : at + 1,
    insert: between ? withoutCommas(file, tokens, at + 1) : [],
    sure: true,
  };
}

/** The tokens from an index on without the commas at the ends of lines and blocks that no parentheses hold. */
function withoutCommas(file: SourceFile, tokens: readonly IToken[], from: number): readonly IToken[] {
  let depth = 0;
  return tokens.slice(from).filter((token, index) => {
    const { tokenType } = token;
    if (tokenType === LeftParen || tokenType === LeftSquare) depth += 1;
    if (tokenType === RightParen || tokenType === RightSquare) depth -= 1;
    if (tokenType !== Comma || depth !== 0) return true;
    const next = tokens[from + index + 1];
    const ends = next === undefined || next.tokenType === RightCurly;
    return !ends && sameLine(file, token.startOffset, next.startOffset);
  });
}

/** The other commas of the declaration that no parentheses and no list hold: they are the same mistake. */
function others(tokens: readonly IToken[], at: number): string {
  let depth = 0;
  let count = 0;
  for (const [index, { tokenType }] of tokens.entries()) {
    if (tokenType === LeftParen || tokenType === LeftSquare) depth += 1;
    if (tokenType === RightParen || tokenType === RightSquare) depth -= 1;
    if (tokenType === Comma && depth === 0 && index > at) count += 1;
  }
  if (count === 0) return '';
  return count === 1 ? ', and the other comma too' : `, and the ${count} other commas too`;
}

/** Whether what follows the comma begins something new. */
function endsItem({ file, tokens, at, found }: Stuck): boolean {
  const next = tokens[at + 1];
  if (next === undefined || found === undefined || startsItem(file, tokens, at + 1)) return true;
  return next.tokenType === RightCurly || !sameLine(file, found.startOffset, next.startOffset);
}

function trailingComma({ file, found, before, at, states }: Stuck): Fix | undefined {
  if (found === undefined || before?.tokenType !== Comma) return undefined;
  if (advance(states[at - 1] ?? [], found).length === 0) return undefined;
  return {
    finding: finding(SEPARATOR, tokenSpan(file, before), `unexpected comma before ${describeToken(found)}`, {
      label: 'no item after this comma',
      help: 'leave it out',
    }),
    from: at - 1,
    to: at,
    insert: [],
    sure: true,
  };
}
