import { analyzeTree, type Analysis } from '../checks/analyze.ts';
import { readerLike, type ReadFile } from '../model/collect/read-file.ts';
import type { FileTree } from '../syntax/tree.ts';
import type { SourceFile, Span } from '../text/source.ts';
import { declaredIn, type Declared } from './declared.ts';
import { importedFiles, type Imported } from './imported.ts';
import { occurrencesIn } from './occurrences.ts';
import { reparse, type Cuts, type Parsed } from './reparse.ts';
import type { Occurrence } from './symbol.ts';

/** One version of an open file with everything that is known of it. A value: an edit makes the next one. */
export interface Document {
  readonly file: SourceFile;
  readonly parsed: Parsed;
  /** The files that it imports, each before those that import it, by name. */
  readonly imported: ReadonlyMap<string, Imported>;
  readonly analysis: Analysis;
  /** The files that were asked for: what is found may change when one of them does. */
  readonly reads: ReadonlySet<string>;
  readonly readFile: ReadFile;
  readonly declared: () => Declared;
  /** Every name of the file that is declared, in its order; made when it is first asked for. */
  readonly occurrences: () => readonly Occurrence[];
  /** The same for the files that it imports, and then itself. */
  readonly allOccurrences: () => readonly Occurrence[];
}

const nothing: ReadFile = () => undefined;

/** What a version of a file leaves to the next one. */
export interface Reusable {
  readonly cuts: Cuts;
  readonly imported: ReadonlyMap<string, Imported>;
}

export function reusable({ parsed, imported }: Document): Reusable {
  return { cuts: parsed.cuts, imported };
}

/** Reads and checks a version of a file; `before` makes it cheap where little changed. */
export function openDocument(file: SourceFile, readFile: ReadFile = nothing, before?: Reusable): Document {
  const reads = new Set<string>();
  const read = readerLike(readFile, (path, kind) => {
    reads.add(path);
    return readFile(path, kind);
  });
  const parsed = reparse(file, before?.cuts);
  const imported = importedFiles(parsed.tree, read, before?.imported);
  const analysis = analyzeTree(parsed.tree, parsed.findings, read);
  const trees: readonly FileTree[] = [...[...imported.values()].map((each) => each.parsed.tree), parsed.tree];
  const declared = once(() => declaredIn(trees, analysis.program));
  const inTree = (tree: FileTree): readonly Occurrence[] => occurrencesIn(tree, declared(), analysis.program);
  const occurrences = once(() => inTree(parsed.tree));
  const allOccurrences = once(() =>
    trees.flatMap((tree) => (tree === parsed.tree ? occurrences() : inTree(tree))),
  );
  return { file, parsed, imported, analysis, reads, readFile, declared, occurrences, allOccurrences };
}

/** The name at an offset, its end included: there the cursor stands after typing it. */
export function occurrenceAt(document: Document, offset: number): Occurrence | undefined {
  return document.occurrences().find(({ span }) => touches(span, offset));
}

export function touches(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
