import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder with those above it that are missing, and gives the folders that it made, the uppermost first. Throws what the
 * system says, with its `path`, and has then removed nothing. Each folder is tried once: `mkdir` of Node with `recursive` never
 * ends where a folder is there and has no room for another, as in `/proc`.
 */
export function makeFolder(folder: string): readonly string[] {
  const missing: string[] = [];
  for (let at = resolve(folder); statSync(at, { throwIfNoEntry: false }) === undefined; at = dirname(at))
    missing.unshift(at);
  const made: string[] = [];
  for (const each of missing) if (makeOne(each)) made.push(each);
  return made;
}

/** Whether it was this process that made it. */
function makeOne(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    // Another process was faster.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return false;
    throw error;
  }
}
