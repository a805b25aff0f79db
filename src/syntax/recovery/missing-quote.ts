import type { IToken } from 'chevrotain';
import { advance, begin } from '../../../grammar/expectation.ts';
import { mistakes, tokenize } from '../../../grammar/tokens.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { finding } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { OPEN_TEXT } from '../codes/words.ts';
import { sameLine } from '../layout.ts';
import { endOf, emptyAt } from './virtual.ts';

/** Tokens in which texts end where they were meant to, and what was wrong. */
export interface ClosedTexts {
  readonly tokens: readonly IToken[];
  readonly findings: readonly Diagnostic[];
}

/**
 * Where a quote is missing, all texts of the line behind it are read inside out, and the last one is never closed. The
 * quote is missing where the line could be read on with it: each end of a word is tried.
 */
export function closeTexts(file: SourceFile, chunk: readonly IToken[]): ClosedTexts {
  const findings: Diagnostic[] = [];
  let tokens = chunk;
  let tried = 0;
  for (let at = 0; at < tokens.length && tried < MAX_TEXTS; at += 1) {
    if (tokens[at]?.tokenType !== mistakes.openText) continue;
    tried += 1;
    const closed = closedAt(file, tokens, at);
    if (closed === undefined) continue;
    findings.push(closed.finding);
    tokens = closed.tokens;
  }
  return { tokens, findings };
}

/** So many texts of a declaration are looked at; each costs as much as reading all of it. */
const MAX_TEXTS = 5;
/** A line in which there are more words is not worth more. */
const MAX_TRIED = 60;

function closedAt(file: SourceFile, tokens: readonly IToken[], at: number) {
  const open = tokens[at];
  const start = firstOfLine(file, tokens, at);
  const first = tokens[start];
  if (open === undefined || first === undefined) return undefined;
  const offset = first.startOffset;
  const line = file.text.slice(offset, endOf(open));
  const behind = tokens.slice(at + 1, at + 3);
  const before = tokens.slice(0, start).reduce(advance, begin('declaration'));
  // Where something is wrong before the line, nothing is known about it.
  if (before.length === 0) return undefined;
  const alone = line.split('"').length === 2;
  for (const cut of [...ends(line), ...beginnings(line)].slice(0, MAX_TRIED)) {
    const inserted = moved(`${line.slice(0, cut)}"${line.slice(cut)}`, offset, cut);
    if (inserted === undefined || [...inserted, ...behind].reduce(advance, before).length === 0) continue;
    const opens = quotesBefore(line, cut) % 2 === 0;
    const text = opens
      ? { from: cut, to: line.indexOf('"', cut) + 1 }
      : { from: line.lastIndexOf('"', cut - 1), to: cut };
    const shown = line.slice(text.from, text.to);
    return {
      tokens: [...tokens.slice(0, start), ...inserted, ...tokens.slice(at + 1)],
      finding: finding(
        OPEN_TEXT,
        { file, start: offset + text.from, end: offset + text.to },
        alone ? 'this text is never closed' : 'a quote is missing in this line',
        { label: labelOf(alone, opens), help: `write ${opens ? `"${shown}` : `${shown}"`}` },
      ),
    };
  }
  return undefined;
}

function labelOf(alone: boolean, opens: boolean): string {
  if (opens) return 'without a quote before it';
  return alone ? 'still open at the end of the line' : 'this text ends at the next quote only';
}

/** The index of the first token of the line. */
function firstOfLine(file: SourceFile, tokens: readonly IToken[], at: number): number {
  const open = tokens[at];
  let first = at;
  while (first > 0 && open !== undefined) {
    const before = tokens[first - 1];
    if (before === undefined || !sameLine(file, before.startOffset, open.startOffset)) break;
    first -= 1;
  }
  return first;
}

/** The offsets in a line at which an open text could end: behind words, with and without the signs at their ends. */
function ends(line: string): readonly number[] {
  return [...line.matchAll(/[^\s"]+/g)]
    .flatMap(({ index, 0: word }) => {
      const bare = word.replace(/[)}\],:;]+$/, '').length;
      return bare === 0 ? [] : [index + bare, index + word.length];
    })
    .filter((offset, at, all) => quotesBefore(line, offset) % 2 === 1 && all.indexOf(offset) === at);
}

/** The offsets in a line at which a text could begin that has a quote at its end only. */
function beginnings(line: string): readonly number[] {
  return [...line.matchAll(/(?<![^\s(,:])\w/g)]
    .map(({ index }) => index)
    .filter((offset) => quotesBefore(line, offset) % 2 === 0 && line.includes('"', offset));
}

function quotesBefore(line: string, offset: number): number {
  return line.slice(0, offset).split('"').length - 1;
}

/** The tokens of a line into which a quote was put, at their places in the file; nothing where a text is open still. */
function moved(text: string, offset: number, cut: number): readonly IToken[] | undefined {
  const { tokens, strays } = tokenize(text);
  if (strays.length > 0 || tokens.some(({ tokenType }) => tokenType === mistakes.openText)) return undefined;
  const place = (at: number): number => offset + (at > cut ? at - 1 : at);
  return tokens.map((token) => {
    const start = place(token.startOffset);
    const made = emptyAt(start, token.tokenType, token.image);
    return { ...made, endOffset: place(endOf(token)) - 1 };
  });
}
