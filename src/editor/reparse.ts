import { tokenize } from '../../grammar/tokens.ts';
import type { Diagnostic, Label } from '../diagnostics/diagnostic.ts';
import { parseFile } from '../syntax/parse.ts';
import { chunksOf } from '../syntax/chunks.ts';
import type { Declaration, FileTree } from '../syntax/tree.ts';
import type { SourceFile } from '../text/source.ts';

/** A file that was read, with what reading the next version of it can use again. */
export interface Parsed {
  readonly tree: FileTree;
  readonly findings: readonly Diagnostic[];
  /** The pieces of the file by their text. */
  readonly pieces: ReadonlyMap<string, Piece>;
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
export function reparse(file: SourceFile, before?: Parsed): Parsed {
  const pieces = new Map<string, Piece>();
  const declarations: Declaration[] = [];
  const findings: Diagnostic[] = [];
  for (const { start, text } of stretches(file)) {
    const piece = pieces.get(text) ?? before?.pieces.get(text) ?? read(file.name, text);
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
  return { tree, findings, pieces };
}

function read(name: string, text: string): Piece {
  const findings: Diagnostic[] = [];
  const tree = parseFile({ name, text }, (finding) => void findings.push(finding));
  return { declarations: tree.declarations, findings };
}

/** The text cut behind each declaration, so that the comments before one are in its stretch. */
function stretches({ name, text }: SourceFile): readonly { readonly start: number; readonly text: string }[] {
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
function moved<T>(part: T, move: Move): T {
  return movedPart(part, move) as T;
}

function movedPart(part: unknown, move: Move): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map((each) => movedPart(each, move));
  if (isSpan(part)) return { file: move.file, start: part.start + move.by, end: part.end + move.by };
  const copy: Record<string, unknown> = {};
  // Trees are plain objects, and this loop is most of what an edit in a large file costs.
  for (const key in part) copy[key] = movedPart((part as Record<string, unknown>)[key], move);
  return copy;
}

function isSpan(part: object): part is { readonly start: number; readonly end: number } {
  return 'file' in part && 'start' in part && 'end' in part;
}
