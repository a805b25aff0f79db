import { readEach } from '../../grammar/parser.ts';
import type { Tokens } from '../../grammar/tokens.ts';
import { tokenize } from '../../grammar/tokens.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../text/source.ts';
import { recoverFile } from './recovery/file.ts';
import { declarationOf } from './lower/declaration.ts';
import { attachDocs, idleDocs, unstorableDocs } from './docs.ts';
import { tooDeepAt } from './depth.ts';
import { areSound } from './sound.ts';
import type { Declaration, FileTree } from './tree.ts';

/**
 * Reads a file into its tree. Every fault of syntax is reported, each once and at its place; a tree comes back
 * in any case, in which the declarations with a fault are marked as broken. Only a file with a fault enters `recovery/`.
 */
export function parseFile(source: SourceFile, report: Report): FileTree {
  const tokens = tokenize(source.text);
  return {
    kind: 'file',
    span: { file: source, start: 0, end: source.text.length },
    declarations: wholeFile(source, tokens, report) ?? recoverFile(source, tokens, report),
  };
}

/** All declarations of a file without faults; nothing where the lexer or the parser found one. */
function wholeFile(
  file: SourceFile,
  { tokens, docs, strays }: Tokens,
  report: Report,
): readonly Declaration[] | undefined {
  if (strays.length > 0 || !areSound(tokens) || tooDeepAt(tokens) !== undefined) return undefined;
  const building = { file, docs: attachDocs(file, docs, tokens), broken: false };
  const declarations: Declaration[] = [];
  const stuckAt = readEach(tokens, (part) => void declarations.push(declarationOf(building, part)));
  if (stuckAt !== undefined) return undefined;
  idleDocs(file, docs, tokens, declarations).forEach(report);
  unstorableDocs(file, docs).forEach(report);
  return declarations;
}
