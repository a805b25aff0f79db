import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import type { TestProject } from 'vitest/node';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Lays nomnom out as an installed package is, its modules in a few files, and lets `nomnom()` start that: a process
 * then costs half of what it costs to read 450 modules of TypeScript, and the tests start hundreds.
 * The tests of editors and of the packed package start what is in `bin` and in the package itself.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  // Below the project's folder, where the packages are found that it imports.
  const folder = mkdtempSync(join(root, 'node_modules', '.nomnom-test-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    mkdirSync(join(folder, 'bin'));
    for (const file of ['package.json', 'bin/nomnom']) copyFileSync(join(root, file), join(folder, file));
    await bundle(folder);
  } catch (error) {
    remove();
    throw error;
  }
  // Someone who watches the tests changes the sources meanwhile.
  project.onTestsRerun(() => bundle(folder));
  process.env['NOMNOM_FOLDER'] = folder;
  return remove;
}

async function bundle(folder: string): Promise<void> {
  await build({
    input: join(root, 'src/cli/main.ts'),
    platform: 'node',
    external: (id) => /^[^./]/.test(id) && !/^(zod|commander)(\/|$)/.test(id),
    output: { dir: join(folder, 'dist/src/cli'), format: 'esm' },
    logLevel: 'warn',
  });
}
