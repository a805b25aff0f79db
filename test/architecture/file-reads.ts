import type { Module } from './imports.ts';
import { inFolder } from './source-tree.ts';

/** What opens or reads a file by its name. */
const READS = ['readFile', 'readFileSync', 'open', 'openSync', 'createReadStream', 'openAsBlob'];

/** Files of our own or of the system, or that were found to be regular before. */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/adapters/embedded/folder-lock.ts': 'its own lock',
  'src/cli/commands/init.ts': 'makes files',
  'src/cli/ndjson-file.ts': 'streams a file of any size that it found to be regular',
  'src/cli/not-ndjson.ts': 'looks at the beginning of such a file',
  'src/cli/read-below.ts': 'files that a program names, with rules of their own',
  'src/http/descriptors.ts': 'limits of the process in /proc',
  'src/runtime/shipped.ts': 'files of the package',
};

/** A file that a setting or an option names is read in one way only, which waits for no FIFO and no device. */
export function looseReads(modules: readonly Module[]): readonly string[] {
  return modules.flatMap(({ path, imports }) => {
    if (!inFolder(path, 'src') || inFolder(path, 'src/files') || path in ALLOWED) return [];
    return imports
      .filter(({ specifier, typeOnly }) => !typeOnly && /^(?:node:)?fs(?:\/promises)?$/.test(specifier))
      .flatMap(({ names }) => names.filter((name) => READS.includes(name)))
      .map(
        (name) =>
          `${path}: reads with ${name}; a file that somebody names is read by src/files/named-file.ts`,
      );
  });
}
