import type { IToken } from 'chevrotain';
import { lineStarts, positionAt } from '../text/source.ts';
import type { SourceFile } from '../text/source.ts';

/* How a file is laid out: the language does not care, but after a mistake it tells what was meant. */

/** The number of white characters before the first other one of the line on which an offset lies. */
export function indentOf(file: SourceFile, offset: number): number {
  const start = lineStarts(file)[positionAt(file, offset).line - 1] ?? 0;
  return /^[ \t]*/.exec(file.text.slice(start, offset + 1))?.[0].length ?? 0;
}

/** Whether a token is the first thing on its line. */
export function beginsLine(file: SourceFile, token: IToken): boolean {
  for (let at = token.startOffset - 1; at >= 0; at -= 1) {
    const character = file.text[at];
    if (character === '\n') return true;
    if (character !== ' ' && character !== '\t' && character !== '\r') return false;
  }
  return true;
}

/** Whether two offsets lie on one line. */
export function sameLine(file: SourceFile, left: number, right: number): boolean {
  return !file.text.slice(Math.min(left, right), Math.max(left, right)).includes('\n');
}
