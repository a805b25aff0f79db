import type { FileCst } from '../../grammar/cst.ts';
import { read } from '../../grammar/parser.ts';
import { tokenize } from '../../grammar/tokens.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { finding } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../text/source.ts';
import { tokenSpan } from './build/context.ts';
import { declarationOf } from './build/declaration.ts';
import { attachDocs } from './docs.ts';
import type { FileTree } from './tree.ts';

/** Reads a file into its tree. What is wrong is reported; a tree comes back in any case. */
export function parseFile(source: SourceFile, report: Report): FileTree {
  const { tokens, docs } = tokenize(source.text);
  const { cst, stuckAt } = read('file', tokens);
  const span = { file: source, start: 0, end: source.text.length };
  if (stuckAt !== undefined) {
    const at = Number.isNaN(stuckAt.startOffset) ? { ...span, start: span.end } : tokenSpan(source, stuckAt);
    report(finding({ code: 'NOM006', severity: 'error' }, at, `unexpected \`${stuckAt.image}\``));
    return { kind: 'file', span, declarations: [] };
  }
  const building = { file: source, docs: attachDocs(docs, tokens), broken: false };
  const { declaration = [] } = (cst as unknown as FileCst).children;
  return { kind: 'file', span, declarations: declaration.map((part) => declarationOf(building, part)) };
}
