import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../text/source.ts';
import { positionAt } from '../text/source.ts';
import type { Document } from './document.ts';
import { targetOf } from './imported.ts';

/**
 * The findings as an editor shows them in one file: what was found in another one stands where this one names it, with the
 * place in words: at the lookup, at the import that leads there, or at the first import where others lie between.
 */
export function ownFindings(document: Document): readonly Diagnostic[] {
  return document.analysis.findings.flatMap((finding) => {
    const { file } = finding.primary.span;
    if (file === document.file) return [finding];
    const cause = finding.related.find(({ span }) => span.file === document.file);
    const span = cause?.span ?? importOf(document, file.name);
    if (span === undefined) return [];
    const { line, column } = positionAt(file, finding.primary.span.start);
    const message = `${file.name}:${line}:${column}: ${finding.message}`;
    return [{ ...finding, message, primary: { span }, related: [] }];
  });
}

function importOf({ parsed }: Document, name: string): Span | undefined {
  const imports = parsed.tree.declarations.filter((each) => each.kind === 'import');
  return (imports.find((each) => targetOf(each) === name) ?? imports[0])?.path.span;
}
