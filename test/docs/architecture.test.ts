import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pages = ['ARCHITECTURE.md', 'CONTRIBUTING.md', ...globSync('docs/{,decisions/}*.md', { cwd: root })];
const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

/** Paths as the page writes them; `*` stands for any name, and a name in capitals for one that the reader chooses. */
function mentions(text: string): readonly string[] {
  const found = [...text.matchAll(/(?<![\w./-])(?:src|test)\/[\w./*-]+/g)].map(([path]) =>
    path.replace(/[.-]+$/, ''),
  );
  return [...new Set(found)].filter((path) => !/\/[A-Z]+\b/.test(path));
}

function exists(path: string): boolean {
  return path.includes('*') ? globSync(path, { cwd: root }).length > 0 : existsSync(join(root, path));
}

test.each(pages)('files and folders that %s names exist', (page) => {
  const missing = mentions(readFileSync(join(root, page), 'utf8')).filter((path) => !exists(path));
  expect(missing).toEqual([]);
});

test.each(['src', 'src/roles', 'src/adapters'])('the map names every folder of %s', (parent) => {
  const folders = readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${parent}/${name}/`);
  expect(folders.filter((folder) => !architecture.includes(folder))).toEqual([]);
});

test('a path that does not exist is found, whatever stands around it', () => {
  const text =
    'In `src/nowhere/at-all.ts`, test/nowhere/, (src/types/uuid.ts). And `src/functions/NAME.ts`, ../src/x.';
  expect(mentions(text).filter((path) => !exists(path))).toEqual(['src/nowhere/at-all.ts', 'test/nowhere/']);
});
