import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The programs of the project, right and wrong ones, that fuzzing starts from. */
export function programs(): readonly string[] {
  return globSync(
    ['test/examples/**/*.nom', 'test/checks/*.nom', 'test/golden/mistakes/*.nom', 'pipelines/*.nom'],
    {
      cwd: root,
    },
  )
    .sort()
    .map((path) => readFileSync(join(root, path), 'utf8'));
}
