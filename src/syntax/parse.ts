import type { IToken } from 'chevrotain';
import type { FileCst } from '../../grammar/cst.ts';
import { read } from '../../grammar/parser.ts';
import type { Tokens } from '../../grammar/tokens.ts';
import { tokenize } from '../../grammar/tokens.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { finding } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../text/source.ts';
import { tokenSpan } from './lower/context.ts';
import { declarationOf } from './lower/declaration.ts';
import { attachDocs, idleDocs, unstorableDocs } from './docs.ts';
import { UNEXPECTED } from './codes/structure.ts';
import { chunksOf } from './recovery/chunks.ts';
import { tooDeepAt } from './recovery/depth.ts';
import { describeToken } from './recovery/describe.ts';
import { recoverDeclaration } from './recovery/recover.ts';
import { areSound } from './recovery/words.ts';
import { salvage } from './salvage.ts';
import type { Declaration, FileTree } from './tree.ts';

/**
 * Reads a file into its tree. Every fault of syntax is reported, each once and at its place; a tree comes back
 * in any case, in which the declarations with a fault are marked as broken.
 */
export function parseFile(source: SourceFile, report: Report): FileTree {
  const tokens = tokenize(source.text);
  return {
    kind: 'file',
    span: { file: source, start: 0, end: source.text.length },
    declarations: wholeFile(source, tokens, report) ?? piecewise(source, tokens, report),
  };
}

/** The way of a file without faults: all at once. */
function wholeFile(
  file: SourceFile,
  { tokens, docs, strays }: Tokens,
  report: Report,
): readonly Declaration[] | undefined {
  if (strays.length > 0 || !areSound(tokens) || tooDeepAt(tokens) !== undefined) return undefined;
  const { cst, stuckAt } = read('file', tokens);
  if (stuckAt !== undefined) return undefined;
  const building = { file, docs: attachDocs(file, docs, tokens), broken: false };
  const { declaration = [] } = (cst as unknown as FileCst).children;
  const declarations = declaration.map((part) => declarationOf(building, part));
  idleDocs(file, docs, tokens, declarations).forEach(report);
  unstorableDocs(file, docs).forEach(report);
  return declarations;
}

/** The way of a file with faults: each declaration by itself. */
function piecewise(
  file: SourceFile,
  { tokens, docs, strays }: Tokens,
  report: Report,
): readonly Declaration[] {
  const attached = attachDocs(file, docs, tokens);
  const pieces = chunksOf(file, tokens).map((chunk) => ({
    chunk,
    ...recoverDeclaration(file, chunk, strays),
  }));
  const findings = pieces.flatMap((piece) => piece.findings);
  // A file that is not accepted is never without a finding, whatever its pieces look like.
  if (findings.length === 0) findings.push(unreadable(file, tokens));
  findings.forEach(report);
  return pieces.flatMap(({ chunk, cst, findings: own }) => {
    const building = { file, docs: attached, broken: own.length > 0 };
    const declaration = cst === undefined ? salvage(file, chunk.tokens) : declarationOf(building, cst);
    // Where even the name is missing there is nothing that others could refer to.
    const nameless = declaration !== undefined && 'name' in declaration && declaration.name.text === '';
    return declaration === undefined || nameless ? [] : [declaration];
  });
}

function unreadable(file: SourceFile, tokens: readonly IToken[]): Diagnostic {
  const stuckAt = read('file', tokens).stuckAt;
  const token = tokens.find((candidate) => candidate === stuckAt);
  const found = describeToken(token);
  const end = { file, start: file.text.length, end: file.text.length };
  return finding(
    UNEXPECTED,
    token === undefined ? end : tokenSpan(file, token),
    `${found} does not belong here`,
  );
}
