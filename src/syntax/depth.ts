import type { IToken, TokenType } from 'chevrotain';
import * as t from '../../grammar/tokens.ts';
import { reserved } from '../../grammar/tokens.ts';

/* The parser and all that walks its trees recurse, so what a file may nest is bounded before it is parsed. */

const MAX_BRACKETS = 100;
/** Also bounds `if … else if …`, which nests to the right. */
const MAX_CHAIN = 1000;

const OPENERS = new Set<TokenType>([t.LeftCurly, t.LeftParen, t.LeftSquare]);
const CLOSERS = new Set<TokenType>([t.RightCurly, t.RightParen, t.RightSquare]);

/** Tokens that nest or chain one expression into another. */
const LINKS = new Set<TokenType>([
  ...[reserved.and, reserved.or, reserved.not, reserved.if],
  ...[t.EqualEqual, t.NotEqual, t.Less, t.LessEqual, t.Greater, t.GreaterEqual, t.QuestionQuestion],
  ...[t.Plus, t.Minus, t.Star, t.Slash, t.Percent, t.Dot, t.QuestionDot],
]);

/** Tokens between which no expression reaches. */
const BREAKS = new Set<TokenType>([t.Colon, t.Equal, t.Comma, t.LeftCurly, t.RightCurly]);

/** The token at which a declaration becomes nested too deeply to be read; mostly nothing. */
export function tooDeepAt(tokens: readonly IToken[]): IToken | undefined {
  let depth = 0;
  let links = 0;
  for (const token of tokens) {
    const { tokenType: type } = token;
    if (OPENERS.has(type)) depth += 1;
    else if (CLOSERS.has(type)) depth = Math.max(depth - 1, 0);
    if (BREAKS.has(type)) links = 0;
    else if (LINKS.has(type)) links += 1;
    if (depth > MAX_BRACKETS || links > MAX_CHAIN) return token;
  }
  return undefined;
}
