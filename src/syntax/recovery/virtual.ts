import type { IToken, TokenType } from 'chevrotain';
import { createTokenInstance } from '../../../grammar/chevrotain.ts';

/*
 * Tokens that fixes put in. They carry the place of what they stand for, so that every span of the tree lies
 * in the file; those that stand for nothing are empty.
 */

/** A token in the place of another. */
export function inPlaceOf(token: IToken, type: TokenType, image = labelOf(type)): IToken {
  const start = token.startOffset;
  return make(type, image, start, endOf(token));
}

/** A token at a place where the file has none. */
export function emptyAt(offset: number, type: TokenType, image = labelOf(type)): IToken {
  return make(type, image, offset, offset);
}

/** The offset behind a token. */
export function endOf(token: IToken): number {
  return token.endOffset === undefined ? token.startOffset + token.image.length : token.endOffset + 1;
}

function make(type: TokenType, image: string, start: number, end: number): IToken {
  return createTokenInstance(type, image, start, end - 1, Number.NaN, Number.NaN, Number.NaN, Number.NaN);
}

function labelOf(type: TokenType): string {
  return type.LABEL ?? type.name;
}
