import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { bundle } from '../../packaging/bundle.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Lays nomnom out as an installed package is, its modules in a few files, and lets `nomnom()` start that: a process
 * then costs half of what it costs to read 450 modules of TypeScript, and the tests start hundreds.
 * The tests of editors and of the packed package start what is in `bin` and in the package itself.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  const { folder, remove } = await layOutPackage();
  // Someone who watches the tests changes the sources meanwhile.
  project.onTestsRerun(() => bundle(join(folder, 'dist/src/cli')));
  return remove;
}

/** The same for one test of packages, which have no set-up of their own. */
export async function layOutPackage(): Promise<{ readonly folder: string; readonly remove: () => void }> {
  // Below the project's folder, where the packages are found that it imports.
  const folder = mkdtempSync(join(root, 'node_modules', '.nomnom-test-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    mkdirSync(join(folder, 'bin'));
    symlinkSync(join(root, 'pipelines'), join(folder, 'pipelines'));
    for (const file of ['package.json', 'bin/nomnom', 'bin/start-flags.json'])
      copyFileSync(join(root, file), join(folder, file));
    await bundle(join(folder, 'dist/src/cli'));
  } catch (error) {
    remove();
    throw error;
  }
  process.env['NOMNOM_FOLDER'] = folder;
  return { folder, remove };
}
