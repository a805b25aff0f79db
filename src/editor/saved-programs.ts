import type { NotRead } from '../model/collect/read-file.ts';
import type { FileTree } from '../syntax/tree.ts';
import { reparse, type Cuts, type Parsed } from './reparse.ts';

export interface SavedPrograms {
  /** The trees of the programs whose path passes, each read at most once until `forget`. */
  readonly trees: (wanted: (path: string) => boolean) => readonly FileTree[];
  /** Something has changed there, in a file or below a folder: it is read again when it is asked for. */
  readonly forget: (path: string) => void;
  /** The workspace has other folders. */
  readonly forgetAll: () => void;
}

/** The programs of a workspace that the editor does not have open, for questions about all of them. */
export function savedPrograms(files: {
  readonly list: () => readonly string[];
  readonly read: (path: string) => string | NotRead | undefined;
}): SavedPrograms {
  let paths: readonly string[] | undefined;
  const known = new Map<string, Parsed>();
  /** Of what has changed: what the next reading can use. */
  const before = new Map<string, Cuts>();
  const drop = (path: string, parsed: Parsed): void => {
    before.set(path, parsed.cuts);
    known.delete(path);
  };
  const treeOf = (path: string): readonly FileTree[] => {
    const found = known.get(path);
    if (found !== undefined) return [found.tree];
    const text = files.read(path);
    if (typeof text !== 'string') return [];
    const parsed = reparse({ name: path, text }, before.get(path));
    before.delete(path);
    known.set(path, parsed);
    return [parsed.tree];
  };
  return {
    trees: (wanted) => {
      paths ??= files.list();
      return paths.filter(wanted).flatMap(treeOf);
    },
    forget: (path) => {
      paths = undefined;
      for (const [each, parsed] of known)
        if (each === path || each.startsWith(`${path}/`)) drop(each, parsed);
    },
    forgetAll: () => {
      paths = undefined;
      for (const [each, parsed] of known) drop(each, parsed);
    },
  };
}
