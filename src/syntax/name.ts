import type { Span } from '../text/source.ts';

export interface Name {
  readonly text: string;
  readonly span: Span;
}

export interface Text {
  /** With escapes resolved. */
  readonly value: string;
  readonly span: Span;
}
