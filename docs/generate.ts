import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './pages/generated.ts';

/* Writes every file that is made from the grammar and the registries. A test fails while one of them is stale. */

const root = join(import.meta.dirname, '..');
const files = await generatedFiles();
for (const [path, text] of files) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const diagrams = 'docs/reference/grammar';
for (const name of readdirSync(join(root, diagrams)))
  if (!files.has(`${diagrams}/${name}`)) rmSync(join(root, diagrams, name));
