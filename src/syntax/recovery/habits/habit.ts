import type { IToken, TokenType } from 'chevrotain';
import {
  LeftCurly,
  LeftParen,
  LeftSquare,
  RightCurly,
  RightParen,
  RightSquare,
} from '../../../../grammar/tokens.ts';
import type { SourceFile, Span } from '../../../text/source.ts';
import { between } from '../../lower/context.ts';
import type { Fix } from '../stuck.ts';
import { endOf } from '../virtual.ts';

/** A place in the tokens of a declaration that cannot be read as it stands. */
export interface Place {
  readonly file: SourceFile;
  readonly tokens: readonly IToken[];
  readonly at: number;
}

/**
 * Knows one way of another language to write what this one writes otherwise: gives nothing where it does not begin here.
 * It is asked about a declaration that cannot be read, so it must know only what is never right.
 */
export type Habit = (place: Place) => Fix | undefined;

/** From the first to the last token, both included. */
export function spanOf({ file, tokens }: Place, from: number, last: number): Span {
  const [first, end] = [tokens[from], tokens[last]];
  if (first === undefined || end === undefined)
    return { file, start: file.text.length, end: file.text.length };
  return between(file, first, end);
}

const CLOSES: ReadonlyMap<TokenType, TokenType> = new Map([
  [LeftCurly, RightCurly],
  [LeftParen, RightParen],
  [LeftSquare, RightSquare],
]);

/** The index of the bracket that closes the one at an index; -1 where none does. */
export function closeOf(tokens: readonly IToken[], open: number): number {
  const type = tokens[open]?.tokenType;
  const close = type === undefined ? undefined : CLOSES.get(type);
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at]?.tokenType === type) depth += 1;
    else if (tokens[at]?.tokenType === close && --depth === 0) return at;
  }
  return -1;
}

/** Whether nothing stands between two tokens, not even a blank. */
export function touches(left: IToken | undefined, right: IToken | undefined): boolean {
  return left !== undefined && right !== undefined && endOf(left) === right.startOffset;
}
