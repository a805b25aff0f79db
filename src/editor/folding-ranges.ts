import type { IToken } from 'chevrotain';
import {
  LeftCurly,
  LeftParen,
  LeftSquare,
  RightCurly,
  RightParen,
  RightSquare,
  tokenize,
} from '../../grammar/tokens.ts';
import { positionAt } from '../text/source.ts';
import type { Document } from './document.ts';

/** Lines that an editor may hide behind the first of them; lines count from 0. */
export interface FoldingRange {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind?: 'comment' | 'imports';
}

const closes = new Map([
  [LeftCurly, RightCurly],
  [LeftParen, RightParen],
  [LeftSquare, RightSquare],
]);
const closing = new Set(closes.values());

/** What stands in brackets, comments of several lines, and imports below each other. From the words: a fault hides none. */
export function foldingRanges({ file, parsed }: Document): readonly FoldingRange[] {
  const lineOf = (offset: number): number => positionAt(file, offset).line - 1;
  const { tokens, docs, comments } = tokenize(file.text);
  const remarks = [...docs, ...comments].toSorted((left, right) => left.startOffset - right.startOffset);
  const ownLine = remarks.filter(({ startOffset }) => {
    const lineStart = file.text.lastIndexOf('\n', startOffset - 1) + 1;
    return file.text.slice(lineStart, startOffset).trim() === '';
  });
  const imports = parsed.tree.declarations.filter(({ kind }) => kind === 'import');
  return [
    ...brackets(tokens, lineOf),
    ...blocks(ownLine.map(({ startOffset }) => lineOf(startOffset))).map((each) => ({
      ...each,
      kind: 'comment' as const,
    })),
    ...blocks(imports.map(({ span }) => lineOf(span.start))).map((each) => ({
      ...each,
      kind: 'imports' as const,
    })),
  ].toSorted((left, right) => left.startLine - right.startLine);
}

/** One for each pair whose brackets stand on different lines; the line of the last bracket stays to be seen. */
function brackets(tokens: readonly IToken[], lineOf: (offset: number) => number): readonly FoldingRange[] {
  const found = new Map<number, FoldingRange>();
  const open: { readonly closedBy: unknown; readonly line: number }[] = [];
  for (const { tokenType, startOffset } of tokens) {
    const closedBy = closes.get(tokenType);
    if (closedBy !== undefined) open.push({ closedBy, line: lineOf(startOffset) });
    else if (closing.has(tokenType)) {
      const at = open.findLastIndex((each) => each.closedBy === tokenType);
      const first = open[at];
      if (first === undefined) continue;
      open.length = at;
      const endLine = lineOf(startOffset) - 1;
      // An editor folds a line once: the outermost pair that begins there counts, which closes last.
      if (endLine > first.line) found.set(first.line, { startLine: first.line, endLine });
    }
  }
  return [...found.values()];
}

/** Lines that follow each other directly, two at least. */
function blocks(lines: readonly number[]): readonly FoldingRange[] {
  const found: { startLine: number; endLine: number }[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last?.endLine === line - 1) last.endLine = line;
    else found.push({ startLine: line, endLine: line });
  }
  return found.filter(({ startLine, endLine }) => endLine > startLine);
}
