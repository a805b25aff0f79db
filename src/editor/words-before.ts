import type { IToken } from 'chevrotain';
import { tokenize } from '../../grammar/tokens.ts';
import { chunksOf } from '../syntax/chunks.ts';
import type { Document } from './document.ts';

/**
 * The words of the declaration that the cursor is in, up to it; a text that is not closed yet is one of them. Nothing
 * inside a comment.
 */
export function wordsBefore({ file, parsed }: Document, offset: number): readonly IToken[] | undefined {
  // What stands before the declaration cannot matter, and a file may be long.
  const before = parsed.tree.declarations.findLast(({ span }) => span.start <= offset);
  const from = before?.span.start ?? 0;
  const head = { name: file.name, text: file.text.slice(from, offset) };
  const { tokens, docs, comments } = tokenize(head.text);
  const lineStart = head.text.lastIndexOf('\n') + 1;
  if ([...docs, ...comments].some(({ startOffset }) => startOffset >= lineStart)) return undefined;
  return (chunksOf(head, tokens).at(-1)?.tokens ?? []).map((token) => ({
    ...token,
    startOffset: token.startOffset + from,
  }));
}
