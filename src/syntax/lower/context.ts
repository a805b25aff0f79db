import type { IToken } from 'chevrotain';
import type { SourceFile, Span } from '../../text/source.ts';
import { cover } from '../../text/source.ts';
import type { Name, Text } from '../name.ts';

/** What the builders of the tree need beside the nodes. */
export interface Building {
  readonly file: SourceFile;
  /** The doc comment before the token that begins at an offset. */
  readonly docs: ReadonlyMap<number, string>;
  /** True while a declaration with a syntax error is built. */
  readonly broken: boolean;
}

/** The first of what the grammar says is there. */
export function only<T>(list: readonly T[] | undefined): T {
  const first = list?.[0];
  if (first === undefined) throw new Error('the grammar and the tree builder disagree: a part is missing');
  return first;
}

export function tokenSpan(file: SourceFile, token: IToken): Span {
  // Tokens that recovery made carry their own end, as their image is not what the file says.
  const end = token.endOffset === undefined ? token.startOffset + token.image.length : token.endOffset + 1;
  return { file, start: token.startOffset, end };
}

/** From the beginning of one token to the end of another. */
export function between(file: SourceFile, first: IToken, last: IToken): Span {
  return cover(tokenSpan(file, first), tokenSpan(file, last));
}

export function nameOf(file: SourceFile, token: IToken): Name {
  return { text: token.image, span: tokenSpan(file, token) };
}

export function textOf(file: SourceFile, token: IToken): Text {
  return { value: JSON.parse(token.image) as string, span: tokenSpan(file, token) };
}

/** The `doc` property of what begins with the token. */
export function docOf(building: Building, first: IToken): { doc?: string } {
  const doc = building.docs.get(first.startOffset);
  return doc === undefined ? {} : { doc };
}
