import { unusedDeclarations } from '../checks/unused-declarations.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { spanText } from '../text/source.ts';
import type { Document } from './document.ts';
import type { OtherPrograms } from './other-programs.ts';
import { filesBeside } from './programs-with.ts';

/** Findings that say of a declaration of the file that nothing uses it, which a program that imports the file may do. */
export function unusedIn({ analysis, file }: Document): readonly Diagnostic[] {
  return analysis.findings.filter(
    ({ code, primary }) => code === unusedDeclarations.description.code && primary.span.file === file,
  );
}

/**
 * Those that do not hold in the workspace: the file is imported, and the name stands in a file beside it. A check of a
 * program is silent about what its imported files declare; here the word decides, so that nothing has to be checked.
 */
export function usedBeside(document: Document, others: OtherPrograms): ReadonlySet<Diagnostic> {
  const unused = unusedIn(document);
  if (unused.length === 0) return new Set();
  const words = new Set(
    filesBeside(document.file.name, others.trees()).flatMap(({ span }) => span.file.text.match(/\w+/g) ?? []),
  );
  return new Set(unused.filter(({ primary }) => words.has(wordOf(spanText(primary.span)))));
}

/** A name stands for itself; of a setting that has no effect, `partitions`, the words that would give it one. */
function wordOf(text: string): string {
  return /^\w+$/.test(text) ? text : 'ordered';
}
