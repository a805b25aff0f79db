import { tokenize } from '../../grammar/tokens.ts';
import { formatFile } from '../syntax/print/format.ts';
import type { SourceFile, Span } from '../text/source.ts';
import type { Edit } from './edit.ts';

/**
 * The edits by which the lines of a stretch become what the whole file has there when it is formatted. Formatting changes
 * only what stands between words, so that each edit is one gap. None for a file with errors of syntax.
 */
export function formattingEdits(file: SourceFile, stretch: Pick<Span, 'start' | 'end'>): readonly Edit[] {
  const formatted = formatFile(file);
  if (formatted.kind === 'refused' || formatted.text === file.text) return [];
  const { start, end } = wholeLines(file.text, stretch);
  const before = gapsOf(file.text);
  const after = gapsOf(formatted.text);
  return before.flatMap((gap, at) => {
    const wanted = after[at];
    if (wanted === undefined || gap.end < start || gap.start > end) return [];
    const text = formatted.text.slice(wanted.start, wanted.end);
    return text === file.text.slice(gap.start, gap.end) ? [] : [{ span: { file, ...gap }, text }];
  });
}

/** From the end of the line before, for the gap before the first word begins there, to the end of the last line. */
function wholeLines(text: string, { start, end }: Pick<Span, 'start' | 'end'>): Pick<Span, 'start' | 'end'> {
  const next = text.indexOf('\n', Math.max(start, end));
  return {
    start: Math.max(0, text.lastIndexOf('\n', Math.min(start, end) - 1)),
    end: next < 0 ? text.length : next,
  };
}

/** What stands between words, signs and comments: before the first, between two, behind the last. */
function gapsOf(text: string): readonly Pick<Span, 'start' | 'end'>[] {
  const { tokens, docs, comments } = tokenize(text);
  const words = [...tokens, ...docs, ...comments]
    .sort((left, right) => left.startOffset - right.startOffset)
    .map(({ startOffset, image }) => ({
      start: startOffset,
      // White space at the end of a comment is no part of it for the formatter.
      end: startOffset + image.trimEnd().length,
    }));
  const ends = [0, ...words.map(({ end }) => end)];
  return ends.map((end, at) => ({ start: end, end: words[at]?.start ?? text.length }));
}
