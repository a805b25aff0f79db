import { pathFrom, type ReadFile } from '../model/collect/read-file.ts';
import type { FileTree, ImportTree } from '../syntax/tree.ts';
import { reparse, type Parsed } from './reparse.ts';

/** A file that a program imports. */
export interface Imported {
  readonly text: string;
  readonly parsed: Parsed;
}

/** Every file that a file imports, directly or through others, each once; what cannot be read is left out. */
export function importedFiles(
  root: FileTree,
  readFile: ReadFile,
  before: ReadonlyMap<string, Imported> = new Map(),
): ReadonlyMap<string, Imported> {
  const files = new Map<string, Imported>();
  const placeOf = (name: string): string => readFile.placeOf?.(name) ?? name;
  const open = new Set([placeOf(root.span.file.name)]);
  const visit = (tree: FileTree): void => {
    for (const declaration of tree.declarations) {
      const name = declaration.kind === 'import' ? targetOf(declaration) : undefined;
      if (name === undefined || open.has(placeOf(name))) continue;
      open.add(placeOf(name));
      const text = readFile(name, 'program');
      if (typeof text !== 'string') continue;
      const known = before.get(name);
      const parsed = known?.text === text ? known.parsed : reparse({ name, text }, known?.parsed.cuts);
      visit(parsed.tree);
      files.set(name, { text, parsed });
    }
  };
  visit(root);
  return files;
}

/** The name of the file that an import names; nothing where it names none. */
export function targetOf({ path }: ImportTree): string | undefined {
  return pathFrom(path.span.file.name, path.value);
}
