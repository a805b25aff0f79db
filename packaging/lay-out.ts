import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

const root = join(import.meta.dirname, '..');

export interface LaidOut {
  /** The package's folder. */
  readonly folder: string;
  /** Builds its modules anew. */
  readonly rebuild: () => Promise<void>;
  readonly remove: () => void;
}

/** Lays nomnom out as an installed package is, without its documentation. `isInlined` says which packages are part of its modules. */
export async function layOut(isInlined?: (name: string) => boolean): Promise<LaidOut> {
  // Below the project's folder, where the packages are found that it imports.
  const folder = mkdtempSync(join(root, 'node_modules', '.nomnom-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const rebuild = () => bundle(join(folder, 'dist/src/cli'), isInlined);
  try {
    mkdirSync(join(folder, 'bin'));
    symlinkSync(join(root, 'pipelines'), join(folder, 'pipelines'));
    for (const file of ['package.json', 'bin/nomnom', 'bin/start-flags.json', 'bin/start-environment.json'])
      copyFileSync(join(root, file), join(folder, file));
    await rebuild();
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, rebuild, remove };
}
