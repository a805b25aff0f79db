import { tokenize } from '../../grammar/tokens.ts';
import type { Diagnostic, Label } from '../diagnostics/diagnostic.ts';
import { parseFile } from '../syntax/parse.ts';
import { chunksOf } from '../syntax/chunks.ts';
import { merged } from '../syntax/merge.ts';
import type { Declaration, FileTree } from '../syntax/tree.ts';
import type { SourceFile, Span } from '../text/source.ts';

/** A file that was read, with what reading the next version of it can use again. */
export interface Parsed {
  readonly tree: FileTree;
  readonly findings: readonly Diagnostic[];
  readonly cuts: Cuts;
}

/** What a version of a file leaves to the next one: nothing of its tree, so that this can be forgotten before. */
export interface Cuts {
  readonly text: string;
  /** The pieces of the file by their text. */
  readonly pieces: ReadonlyMap<string, Piece>;
  readonly stretches: readonly Stretch[];
}

/** The declarations of a stretch of text as if it were a file of its own: their spans begin at 0. */
interface Piece {
  readonly declarations: readonly Declaration[];
  readonly findings: readonly Diagnostic[];
}

/**
 * Reads a file declaration by declaration and takes from the version before what has the same text, wherever it
 * stands now. An edit costs what the declaration around it costs. Gives the tree and the findings of `parseFile`.
 */
export function reparse(file: SourceFile, before?: Cuts): Parsed {
  const pieces = new Map<string, Piece>();
  const declarations: Declaration[] = [];
  const findings: Diagnostic[] = [];
  const stretches = stretchesOf(file, before);
  for (const { start, text } of stretches) {
    const piece = pieces.get(text) ?? known(before, text) ?? read(file, text);
    pieces.set(text, piece);
    const move = { file, by: start };
    for (const each of piece.declarations) declarations.push(moved(each, move));
    for (const each of piece.findings) findings.push(movedFinding(each, move));
  }
  const tree: FileTree = {
    kind: 'file',
    span: { file, start: 0, end: file.text.length },
    declarations,
  };
  return { tree, findings: merged(findings), cuts: { text: file.text, pieces, stretches } };
}

/** What was read before; where it had a fault, its help may speak of other declarations, which may have changed. */
function known(before: Cuts | undefined, text: string): Piece | undefined {
  const piece = before?.pieces.get(text);
  return piece?.findings.length === 0 ? piece : undefined;
}

function read({ name, text: whole }: SourceFile, text: string): Piece {
  const findings: Diagnostic[] = [];
  const tree = parseFile({ name, text, whole }, (finding) => void findings.push(finding));
  return { declarations: tree.declarations, findings };
}

/** A declaration with the comments before it. */
interface Stretch {
  readonly start: number;
  readonly text: string;
}

/**
 * The text cut behind each declaration. Only what lies around the edit is cut anew: where the stretch behind it comes
 * out as it was, so does everything that follows, for a cut depends on nothing before the last one.
 */
function stretchesOf(file: SourceFile, before: Cuts | undefined): readonly Stretch[] {
  if (before === undefined) return cut(file);
  const { text } = file;
  const old = before.text;
  const by = text.length - old.length;
  const { start, end } = changeBetween(old, text);
  const first = Math.max(0, before.stretches.findLastIndex((each) => each.start <= start) - 1);
  // One that the edit did not touch stands at the end of what is cut, to be compared.
  const next = before.stretches.findIndex((each) => each.start > end) + 1;
  const [from, to] = [before.stretches[first], before.stretches[next]];
  if (from === undefined || to === undefined || next === 0) return cut(file);
  const middle = cut({ name: file.name, text: text.slice(from.start, to.start + by) });
  if (middle.at(-1)?.text !== before.stretches[next - 1]?.text) return cut(file);
  return [
    ...before.stretches.slice(0, first),
    ...middle.map((each) => ({ ...each, start: each.start + from.start })),
    ...before.stretches.slice(next).map((each) => ({ ...each, start: each.start + by })),
  ];
}

/** Where the old text was changed: what stands before and behind is the same in both. */
function changeBetween(old: string, text: string): { readonly start: number; readonly end: number } {
  const shorter = Math.min(old.length, text.length);
  let start = 0;
  while (start < shorter && old.charCodeAt(start) === text.charCodeAt(start)) start += 1;
  let tail = 0;
  while (
    tail < shorter - start &&
    old.charCodeAt(old.length - 1 - tail) === text.charCodeAt(text.length - 1 - tail)
  )
    tail += 1;
  return { start, end: old.length - tail };
}

function cut({ name, text }: SourceFile): readonly Stretch[] {
  const { tokens } = tokenize(text);
  const chunks = chunksOf({ name, text }, tokens);
  const cuts = chunks.slice(0, -1).map((chunk) => {
    const last = chunk.tokens.at(-1);
    const end = last === undefined ? chunk.start : last.startOffset + last.image.length;
    // A comment behind the last brace belongs to the line.
    const line = text.indexOf('\n', end);
    return line >= 0 && line < chunk.end ? line : end;
  });
  return [0, ...cuts].map((start, at) => ({ start, text: text.slice(start, cuts[at] ?? text.length) }));
}

interface Move {
  readonly file: SourceFile;
  readonly by: number;
}

function movedFinding(finding: Diagnostic, move: Move): Diagnostic {
  const label = (each: Label): Label => moved(each, move);
  return { ...finding, primary: label(finding.primary), related: finding.related.map(label) };
}

/** A copy of a part of the tree whose spans lie elsewhere. */
function moved<T extends object>(part: T, move: Move): T {
  // Cloned and then changed: an object that grows by one property after another takes twice the memory. Trees are plain
  // objects, and this is most of what an edit in a large file costs.
  const copy = { ...part } as Record<string, unknown>;
  for (const key in copy) {
    const value = copy[key];
    if (typeof value === 'object' && value !== null) copy[key] = movedPart(value, move);
  }
  return copy as T;
}

function movedPart(part: object, move: Move): object {
  if (Array.isArray(part)) return part.length === 0 ? part : part.map((each) => movedItem(each, move));
  if (isSpan(part)) return { file: move.file, start: part.start + move.by, end: part.end + move.by };
  return moved(part, move);
}

function movedItem(part: unknown, move: Move): unknown {
  return typeof part === 'object' && part !== null ? movedPart(part, move) : part;
}

function isSpan(part: object): part is Span {
  return 'file' in part;
}
