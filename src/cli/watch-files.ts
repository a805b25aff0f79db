import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** How long the files must be left alone before a change counts, in milliseconds: editors write in several steps. */
const QUIET_FOR = 60;

/** Calls `changed` after one of the files, or another `.nom` file beside it, has changed, until it is closed. */
export function watchFiles(files: readonly string[], changed: () => void): { readonly close: () => void } {
  const names = new Set(files.map((file) => basename(file)));
  let timer: NodeJS.Timeout | undefined;
  const onEvent = (_event: string, name: string | null): void => {
    if (name !== null && !names.has(name) && !name.endsWith('.nom')) return;
    clearTimeout(timer);
    timer = setTimeout(changed, QUIET_FOR);
  };
  // Folders, because editors replace a file by another of its name, which a watch on the file would not see.
  const folders = [...new Set(files.map((file) => dirname(file)))];
  const watchers = folders.map((folder) => watch(folder, onEvent));
  return {
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
