import { analyzeTree, type Analysis } from '../checks/analyze.ts';
import type { SourceFile } from '../text/source.ts';
import { declaredIn, type Declared } from './declared.ts';
import { occurrencesIn } from './occurrences.ts';
import { reparse, type Parsed } from './reparse.ts';
import type { Occurrence } from './symbol.ts';

/** One version of an open file with everything that is known of it. A value: an edit makes the next one. */
export interface Document {
  readonly file: SourceFile;
  readonly parsed: Parsed;
  readonly analysis: Analysis;
  readonly declared: () => Declared;
  /** Every name that is declared, in the order of the file; made when it is first asked for. */
  readonly occurrences: () => readonly Occurrence[];
}

/** Reads and checks a version of a file; `before` makes it cheap where little changed. */
export function openDocument(file: SourceFile, before?: Document): Document {
  const parsed = reparse(file, before?.parsed);
  const analysis = analyzeTree(parsed.tree, parsed.findings);
  const declared = once(() => declaredIn([parsed.tree], analysis.program));
  const occurrences = once(() => occurrencesIn(parsed.tree, declared(), analysis.program));
  return { file, parsed, analysis, declared, occurrences };
}

/** The name at an offset, its end included: there the cursor stands after typing it. */
export function occurrenceAt(document: Document, offset: number): Occurrence | undefined {
  return document.occurrences().find(({ span }) => span.start <= offset && offset <= span.end);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
