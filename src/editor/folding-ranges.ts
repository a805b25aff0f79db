import type { IToken } from 'chevrotain';
import { tokenize } from '../../grammar/tokens.ts';
import { positionAt } from '../text/source.ts';
import { bracketPairs } from './bracket-pairs.ts';
import type { Document } from './document.ts';

/** Lines that an editor may hide behind the first of them; lines count from 0. */
export interface FoldingRange {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind?: 'comment' | 'imports';
}

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
  const openedBy = bracketPairs<IToken>();
  for (const token of tokens) {
    const opening = openedBy(token.tokenType, token);
    if (opening === undefined) continue;
    const startLine = lineOf(opening.startOffset);
    const endLine = lineOf(token.startOffset) - 1;
    // An editor folds a line once: the outermost pair that begins there counts, which closes last.
    if (endLine > startLine) found.set(startLine, { startLine, endLine });
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
