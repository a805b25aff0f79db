import { spanText, type Span } from '../../text/source.ts';

/** A value that is longer stands better in its own place than in a finding. */
const LONGEST = 60;

/** A part of the program as it is written, for a help that can be pasted; nothing where it is long or has several lines. */
export function shortText(span: Span): string | undefined {
  const text = spanText(span);
  return text.length > LONGEST || text.includes('\n') ? undefined : text;
}

/** The same, with `…` for what is not repeated. */
export function shown(span: Span): string {
  return shortText(span) ?? '…';
}
