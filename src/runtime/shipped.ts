import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getAsset, getAssetKeys, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';

/**
 * The bytes of a file that comes with nomnom, `path` from the folder of package.json. In the single executable it is part
 * of the executable; otherwise it stands above the sources and above the build. Throws where it was not shipped.
 */
export function shippedFile(path: string): Buffer {
  return isSea() ? Buffer.from(getAsset(path)) : readFileSync(join(packageFolder(), path));
}

/** The paths of shipped files that are in this folder or below it, in the order of their names. */
export function shippedFiles(folder: string): readonly string[] {
  const all = isSea()
    ? getAssetKeys().filter((path) => path.startsWith(`${folder}/`))
    : readdirSync(join(packageFolder(), folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(packageFolder().length + 1));
  return all.toSorted();
}

function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
