import type { NotRead } from '../model/collect/read-file.ts';
import type { FileTree } from '../syntax/tree.ts';
import { reparse, type Parsed } from './reparse.ts';

export interface SavedPrograms {
  /** The trees of the programs whose path passes, each read at most once until `forget`. */
  readonly trees: (wanted: (path: string) => boolean) => readonly FileTree[];
  /** A file has changed: what was read is read again when it is asked for. */
  readonly forget: () => void;
}

/** The programs of a workspace that the editor does not have open, for questions about all of them. */
export function savedPrograms(files: {
  readonly list: () => readonly string[];
  readonly read: (path: string) => string | NotRead | undefined;
}): SavedPrograms {
  let paths: readonly string[] | undefined;
  let known = new Map<string, Parsed>();
  let before: ReadonlyMap<string, Parsed> = known;
  const treeOf = (path: string): readonly FileTree[] => {
    const found = known.get(path);
    if (found !== undefined) return [found.tree];
    const text = files.read(path);
    if (typeof text !== 'string') return [];
    const parsed = reparse({ name: path, text }, before.get(path)?.cuts);
    known.set(path, parsed);
    return [parsed.tree];
  };
  return {
    trees: (wanted) => {
      paths ??= files.list();
      return paths.filter(wanted).flatMap(treeOf);
    },
    forget: () => {
      if (paths === undefined) return;
      paths = undefined;
      before = known;
      known = new Map();
    },
  };
}
