import type { Label, Severity } from './diagnostic.ts';

/** A label and how it is drawn: `^` in the colour of a severity, or `-` where it is only related. */
export interface Mark extends Label {
  readonly role: Severity | 'related';
}

/** A mark on one line: cells from `start` up to `end`. */
export interface LineMark {
  readonly start: number;
  readonly end: number;
  readonly text?: string;
  readonly role: Mark['role'];
}
