import type { Span } from '../text/source.ts';

/** Text that takes the place of a span. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** The text with the edits made; they must not overlap. */
export function editedText(text: string, edits: readonly Edit[]): string {
  let result = '';
  let from = 0;
  for (const edit of [...edits].sort((left, right) => left.span.start - right.span.start)) {
    result += text.slice(from, edit.span.start) + edit.text;
    from = edit.span.end;
  }
  return result + text.slice(from);
}

/** Where a place of the text is after the edits. */
export function movedBy(edits: readonly Edit[], place: number): number {
  return edits
    .filter(({ span }) => span.end <= place)
    .reduce((moved, { span, text }) => moved + text.length - (span.end - span.start), place);
}
