import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { type LaidOut, layOut } from '../../packaging/lay-out.ts';

const { optionalDependencies } = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8'),
) as {
  readonly optionalDependencies: Readonly<Record<string, string>>;
};

/**
 * What the single executable has in it, apart from what is loaded only where somebody uses it. A role reads 260 small files of
 * packages otherwise, which is a fifth of the processor time of its start.
 */
const isInlined = (name: string): boolean =>
  !isBuiltin(name) && name !== 'pg-native' && !Object.hasOwn(optionalDependencies, name);

/** As an installed package, with the packages that it imports in a few files. */
export function layOutExecutable(): Promise<LaidOut> {
  return layOut(isInlined);
}

/**
 * Lets `nomnom()` start what is laid out: a process then costs half of what it costs to read 450 modules of TypeScript, and the tests start hundreds. The tests of the extensions of editors and
 * of the packed package start what is in `bin` and in the package itself; those of the language server do where they run without the
 * tests of servers.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  const { folder, rebuild, remove } = await layOutExecutable();
  // Someone who watches the tests changes the sources meanwhile.
  project.onTestsRerun(rebuild);
  process.env['NOMNOM_FOLDER'] = folder;
  return remove;
}
