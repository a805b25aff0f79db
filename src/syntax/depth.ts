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
  ...[t.Plus, t.Minus, t.Star, t.Slash, t.Percent, t.Dot, t.QuestionDot, t.LeftSquare],
]);

/** Tokens between which no expression reaches, but those that stand around their brackets. */
const BREAKS = new Set<TokenType>([t.Colon, t.Equal, t.Comma, t.Arrow]);

/** Tokens with which an operand ends, and those with which one begins: where they meet, an expression has ended. */
const ENDS = new Set<TokenType>([
  ...[t.Identifier, t.TextLiteral, t.NumberLiteral, t.DurationLiteral, t.SizeLiteral],
  ...[reserved.true, reserved.false, reserved.null, t.RightParen, t.RightSquare, t.RightCurly],
]);
const WORDS = new Set<TokenType>([t.Identifier, t.TextLiteral, t.NumberLiteral, t.DurationLiteral]);

/** A bracket that is open. */
interface Level {
  /** Links around it. */
  readonly around: number;
  /** The most in one of the expressions in it that have ended, those around included. */
  most: number;
}

/** The token at which a declaration becomes nested too deeply to be read; mostly nothing. */
export function tooDeepAt(tokens: readonly IToken[]): IToken | undefined {
  const levels: Level[] = [];
  let links = 0;
  let before: IToken | undefined;
  for (const token of tokens) {
    const { tokenType: type } = token;
    const level = levels.at(-1);
    if (
      BREAKS.has(type) ||
      (isOneOf(WORDS, type) && before !== undefined && isOneOf(ENDS, before.tokenType))
    ) {
      if (level !== undefined) level.most = Math.max(level.most, links);
      links = level?.around ?? 0;
    }
    if (LINKS.has(type)) links += 1;
    // The body of a declaration stands in no expression, though one may stand before it.
    if (OPENERS.has(type)) links = levels.length === 0 && type === t.LeftCurly ? 0 : links;
    if (OPENERS.has(type)) levels.push({ around: links, most: links });
    else if (CLOSERS.has(type)) {
      // What follows is chained to what is inside, but for a declaration.
      links = levels.length > 1 ? Math.max(level?.most ?? 0, links) : 0;
      levels.pop();
    }
    if (levels.length > MAX_BRACKETS || links > MAX_CHAIN) return token;
    before = token;
  }
  return undefined;
}

/** Every contextual word is a name too. */
function isOneOf(types: ReadonlySet<TokenType>, type: TokenType): boolean {
  return types.has(type) || (type.CATEGORIES?.some((category) => types.has(category)) ?? false);
}
