import type { IToken, TokenType } from 'chevrotain';
import * as t from '../../grammar/tokens.ts';
import { reserved } from '../../grammar/tokens.ts';

/* The parser and all that walks its trees recurse, so what a file may nest is bounded before it is parsed. */

const MAX_BRACKETS = 100;
/** Also bounds `if … else if …`, which nests to the right. */
const MAX_CHAIN = 1000;

const OPENS = 1;
const CLOSES = 2;
/** Tokens between which no expression reaches. */
const BREAKS = 4;
/** Tokens that nest or chain one expression into another. */
const LINKS = 8;

/** What each kind of token does, by its index: a large file has too many tokens to look each up in sets. */
const EFFECTS: readonly number[] = effects();

function effects(): readonly number[] {
  const all: number[] = [];
  const add = (effect: number, types: readonly TokenType[]): void => {
    for (const { tokenTypeIdx = 0 } of types) all[tokenTypeIdx] = (all[tokenTypeIdx] ?? 0) | effect;
  };
  add(OPENS, [t.LeftCurly, t.LeftParen, t.LeftSquare]);
  add(CLOSES, [t.RightCurly, t.RightParen, t.RightSquare]);
  add(BREAKS, [t.Colon, t.Equal, t.Comma, t.LeftCurly, t.RightCurly]);
  add(LINKS, [
    ...[reserved.and, reserved.or, reserved.not, reserved.if],
    ...[t.EqualEqual, t.NotEqual, t.Less, t.LessEqual, t.Greater, t.GreaterEqual, t.QuestionQuestion],
    ...[t.Plus, t.Minus, t.Star, t.Slash, t.Percent, t.Dot, t.QuestionDot],
  ]);
  return all;
}

/** The token at which a declaration becomes nested too deeply to be read; mostly nothing. */
export function tooDeepAt(tokens: readonly IToken[]): IToken | undefined {
  let depth = 0;
  let links = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    const effect = (token && EFFECTS[token.tokenTypeIdx]) ?? 0;
    if (effect === 0) continue;
    if ((effect & OPENS) !== 0) depth += 1;
    else if ((effect & CLOSES) !== 0) depth = Math.max(depth - 1, 0);
    if ((effect & BREAKS) !== 0) links = 0;
    else if ((effect & LINKS) !== 0) links += 1;
    if (depth > MAX_BRACKETS || links > MAX_CHAIN) return token;
  }
  return undefined;
}
