import { readdirSync, realpathSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/*
 * What an editor may list: names below the folder of a workspace. Links are not followed, so that no name from outside
 * is shown and no circle is walked.
 */

export interface Entry {
  readonly name: string;
  readonly folder: boolean;
}

/** As many programs as one workspace has for sure, and folders that are looked into for them. */
const MOST = { programs: 2000, folders: 20_000 } as const;

/** The paths of the `.nom` files below a folder, without hidden folders and installed packages. */
export function programsBelow(root: string): readonly string[] {
  const programs: string[] = [];
  const folders = [root];
  for (let at = 0; at < folders.length && at < MOST.folders; at += 1) {
    const folder = folders[at] ?? root;
    for (const entry of entriesOf(folder)) {
      if (entry.isDirectory() && !isPassedOver(entry.name)) folders.push(`${folder}/${entry.name}`);
      if (!entry.isFile() || !entry.name.endsWith('.nom')) continue;
      programs.push(`${folder}/${entry.name}`);
      if (programs.length === MOST.programs) return programs;
    }
  }
  return programs;
}

/** What stands in a folder below `root`; nothing for one that is elsewhere. */
export function entriesBelow(root: string, folder: string): readonly Entry[] {
  try {
    const [top, real] = [realpathSync.native(root), realpathSync.native(folder)];
    if (real !== top && !real.startsWith(join(top, '/'))) return [];
    return entriesOf(real)
      .filter((entry) => (entry.isFile() || entry.isDirectory()) && !isPassedOver(entry.name))
      .map((entry) => ({ name: entry.name, folder: entry.isDirectory() }));
  } catch {
    return [];
  }
}

function isPassedOver(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((left, right) =>
      left.name < right.name ? -1 : 1,
    );
  } catch {
    // A folder that cannot be read has nothing for this user.
    return [];
  }
}
