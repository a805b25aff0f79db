import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One text file of the project; `path` is relative to the project, with forward slashes. */
export interface TreeFile {
  readonly path: string;
  readonly text: string;
}

/** All files that a rule looks at: the real project, or a small planted one. */
export type SourceTree = readonly TreeFile[];

/** Made by machines, or not part of the project. */
const skipped = new Set(['node_modules', '.git', '.nomnom', 'dist', 'coverage']);

/** Data, not text of ours. */
const skippedFiles = /\.(ndjson|png|gif|wasm|log)$/;

export function readTree(root: string, folder = ''): SourceTree {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    // In a second working tree `.git` is a file.
    if (skipped.has(entry.name)) return [];
    if (entry.isDirectory()) return readTree(root, path);
    if (!entry.isFile() || skippedFiles.test(entry.name)) return [];
    return [{ path, text: readFileSync(join(root, path), 'utf8') }];
  });
}

export function isCode(file: TreeFile): boolean {
  return file.path.endsWith('.ts');
}

export function inFolder(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

/**
 * The part of the project that a file belongs to: `src/plan`, `grammar`; a role and an adapter are parts of
 * their own (`src/roles/ingest`, `src/adapters/postgres`).
 */
export function partOf(path: string): string {
  const folders = path.split('/');
  const depth = folders[0] !== 'src' ? 1 : folders[1] === 'roles' || folders[1] === 'adapters' ? 3 : 2;
  return folders.slice(0, Math.min(depth, folders.length)).join('/').replace(/\.ts$/, '');
}
