import type { FileTree } from '../syntax/tree.ts';
import type { Document } from './document.ts';
import { programsWith } from './programs-with.ts';

/** The programs of a workspace beside the one that a question is about. */
export interface OtherPrograms {
  /** Every program that is open or saved, as a tree. */
  readonly trees: () => readonly FileTree[];
  /** A program read and checked, by its path; nothing where it cannot be read any more. */
  readonly document: (path: string) => Document | undefined;
}

export const noOthers: OtherPrograms = { trees: () => [], document: () => undefined };

/** Programs that somebody has, with others that share files with them. */
export interface Reached {
  readonly documents: readonly Document[];
  /** There are more than are looked at. */
  readonly more: boolean;
}

/** Adds to `documents` the programs that have one of the `files`. */
export function withPrograms(
  documents: readonly Document[],
  files: ReadonlySet<string>,
  others: OtherPrograms,
): Reached {
  const known = new Set(documents.flatMap(({ file, imported }) => [file.name, ...imported.keys()]));
  const { paths, more } = programsWith(files, others.trees(), known);
  const added = paths.flatMap((path) => others.document(path) ?? []);
  return { documents: [...documents, ...added], more };
}
