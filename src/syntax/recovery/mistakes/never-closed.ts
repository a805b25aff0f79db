import type { IToken, TokenType } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { tokenSpan } from '../../lower/context.ts';
import { NEVER_CLOSED } from '../../codes/structure.ts';
import { describeToken } from '../describe.ts';
import { startsItem } from '../items.ts';
import { beginsLine } from '../../layout.ts';
import type { Mistake, Stuck } from '../stuck.ts';
import { expects, gapOf } from '../stuck.ts';
import { emptyAt, inPlaceOf } from '../virtual.ts';

const PAIRS: readonly (readonly [TokenType, TokenType])[] = [
  [t.LeftParen, t.RightParen],
  [t.LeftSquare, t.RightSquare],
];

/** `key (order_key` at the end of a line, and `(a]`. */
export const neverClosed: Mistake = (stuck) => {
  const { file, at, found } = stuck;
  const pair = PAIRS.find(([, close]) => expects(stuck, close));
  if (pair === undefined) return undefined;
  const opener = openerOf(stuck, pair);
  if (opener === undefined || !mustBeClosedHere(stuck)) return undefined;
  const sign = `\`${pair[1].LABEL}\``;
  const wrong = found !== undefined && PAIRS.some(([, close]) => close === found.tokenType);
  const here = wrong ? tokenSpan(file, found) : gapOf(stuck);
  return {
    finding: finding(
      NEVER_CLOSED,
      here,
      wrong
        ? `this \`${opener.image}\` is closed by ${describeToken(found)}, not by ${sign}`
        : `this \`${opener.image}\` is never closed`,
      {
        label: `expected ${sign} here`,
        related: [{ span: tokenSpan(file, opener), text: 'opened here' }],
        help: `write ${sign}${wrong ? '' : ' here'}`,
      },
    ),
    from: at,
    to: wrong ? at + 1 : at,
    insert: [wrong ? inPlaceOf(found, pair[1]) : emptyAt(here.start, pair[1])],
    sure: false,
  };
};

function mustBeClosedHere({ file, tokens, at, found }: Stuck): boolean {
  if (found === undefined || beginsLine(file, found) || startsItem(file, tokens, at)) return true;
  const ends = [t.RightCurly, t.LeftCurly, t.RightParen, t.RightSquare, t.At, t.Equal];
  return ends.includes(found.tokenType);
}

function openerOf({ tokens, at }: Stuck, [open, close]: readonly [TokenType, TokenType]): IToken | undefined {
  let depth = 0;
  for (let index = at - 1; index >= 0; index -= 1) {
    const type = tokens[index]?.tokenType;
    if (type === close) depth += 1;
    else if (type === open && depth === 0) return tokens[index];
    else if (type === open) depth -= 1;
  }
  return undefined;
}
