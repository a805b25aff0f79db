import { readdirSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { closest } from '../diagnostics/suggest.ts';
import type { FileKind, NotRead } from '../model/collect/read-file.ts';

/** Entries of a folder that are looked at. */
const MOST = 1_000;
const RELATIVE = 'a path is relative to the file in which it stands';
/** Names that are listed where none is near. */
const LISTED = 5;

/**
 * What may have been meant by a path that leads nowhere, from the names of files below the folder `top`: a name in the path that
 * is misspelt, or the files that there are. `real` is without links and below `top`.
 */
export function nearFile(top: string, real: string, kind: FileKind): Pick<NotRead, 'help' | 'misspelt'> {
  const names = real.slice(top.length).split(sep).filter(Boolean);
  let folder = top;
  for (const [at, name] of names.entries()) {
    const isLast = at === names.length - 1;
    const found = entriesOf(folder, isLast ? kind : undefined);
    if (found.includes(name)) {
      folder = join(folder, name);
      continue;
    }
    const near = closest(name, found);
    if (near !== undefined && isThere(join(folder, near, ...names.slice(at + 1))))
      return { misspelt: { name, by: near } };
    if (!isLast) return { help: `there is no folder "${name}"; ${RELATIVE}` };
    if (found.length === 0 || found.length > LISTED) break;
    return { help: `the folder has ${found.map((each) => `"${each}"`).join(', ')}` };
  }
  return { help: RELATIVE };
}

/** The folders in a folder, or its files of a kind. */
function entriesOf(folder: string, kind: FileKind | undefined): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .slice(0, MOST)
      .filter((entry) =>
        kind === undefined
          ? entry.isDirectory()
          : entry.isFile() && (kind !== 'program' || extname(entry.name).toLowerCase() === '.nom'),
      )
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('.'))
      .toSorted();
  } catch {
    return [];
  }
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
