import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { bundle } from '../../packaging/bundle.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly optionalDependencies: Readonly<Record<string, string>>;
};

/**
 * What the single executable has in it, apart from what is loaded only where somebody uses it. A role reads 260 small files of
 * packages otherwise, which is a fifth of the processor time of its start.
 */
const isInlined = (name: string): boolean =>
  !isBuiltin(name) && name !== 'pg-native' && !Object.hasOwn(optionalDependencies, name);

/** Lays nomnom out as an installed package is, its modules and those of most packages in a few files. */
export async function layOut(): Promise<{ readonly folder: string; readonly remove: () => void }> {
  // Below the project's folder, where the packages are found that it imports.
  const folder = mkdtempSync(join(root, 'node_modules', '.nomnom-test-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    mkdirSync(join(folder, 'bin'));
    symlinkSync(join(root, 'pipelines'), join(folder, 'pipelines'));
    for (const file of ['package.json', 'bin/nomnom', 'bin/start-flags.json', 'bin/start-environment.json'])
      copyFileSync(join(root, file), join(folder, file));
    await bundle(join(folder, 'dist/src/cli'), isInlined);
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, remove };
}

/**
 * Lets `nomnom()` start what is laid out: a process then costs half of what it costs to read 450 modules of TypeScript, and
 * the tests start hundreds. The tests of the extensions of editors and of the packed package start what is in `bin` and in the
 * package itself; those of the language server do where they run without the tests of servers.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  const { folder, remove } = await layOut();
  // Someone who watches the tests changes the sources meanwhile.
  project.onTestsRerun(() => bundle(join(folder, 'dist/src/cli'), isInlined));
  process.env['NOMNOM_FOLDER'] = folder;
  return remove;
}
