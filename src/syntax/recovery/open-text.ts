import type { IToken, TokenType } from 'chevrotain';
import { createTokenInstance } from '../../../grammar/chevrotain.ts';
import * as t from '../../../grammar/tokens.ts';

const BRACKETS: Readonly<Record<string, TokenType>> = {
  '{': t.LeftCurly,
  '}': t.RightCurly,
  '(': t.LeftParen,
  ')': t.RightParen,
  '[': t.LeftSquare,
  ']': t.RightSquare,
};

const OPENER_OF: Readonly<Record<string, string>> = { '}': '{', ')': '(', ']': '[' };

/**
 * A text without its closing quote runs to the end of the line. The brackets there that have no counterpart
 * in it were hardly meant as text, and without them much of the file would be read wrongly.
 */
export function cutOpenText(token: IToken): readonly IToken[] {
  const { image, startOffset } = token;
  const brackets: IToken[] = [];
  let end = image.length;
  for (;;) {
    const kept = image.slice(0, end).trimEnd();
    const last = kept.at(-1) ?? '';
    const type = kept.length > 1 ? BRACKETS[last] : undefined;
    if (type === undefined || hasOpener(kept.slice(0, -1), last)) break;
    end = kept.length - 1;
    brackets.unshift(make(type, last, startOffset + end, 1));
  }
  const text = image.slice(0, end).trimEnd();
  return [make(t.TextLiteral, JSON.stringify(text.slice(1)), startOffset, text.length), ...brackets];
}

function hasOpener(text: string, closer: string): boolean {
  const opener = OPENER_OF[closer];
  if (opener === undefined) return false;
  const count = (sign: string): number => text.split(sign).length - 1;
  return count(opener) > count(closer);
}

function make(type: TokenType, image: string, start: number, length: number): IToken {
  const end = start + length - 1;
  return createTokenInstance(type, image, start, end, Number.NaN, Number.NaN, Number.NaN, Number.NaN);
}
