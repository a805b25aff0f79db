import type { SourceTree } from './source-tree.ts';

interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function packagesOf(tree: SourceTree): readonly (readonly [string, LockedPackage])[] {
  const file = tree.find((each) => each.path === 'package-lock.json');
  return file === undefined ? [] : Object.entries((JSON.parse(file.text) as Lock).packages);
}

/** A lock file made behind a mirror would send everyone else there, so ours names no addresses at all. */
export function foreignDownloads(tree: SourceTree): readonly string[] {
  return packagesOf(tree).flatMap(([name, { resolved }]) =>
    resolved === undefined ? [] : [`package-lock.json: ${name} is downloaded from ${resolved}`],
  );
}

/**
 * `npm ci` refuses a lock file that leaves out a package, a build for another platform too; `npm install` leaves
 * one out without a word when the registry does not have it.
 */
export function missingFromLock(tree: SourceTree): readonly string[] {
  const packages = packagesOf(tree);
  const locked = new Set(packages.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13)));
  return packages.flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !locked.has(name))
      .map((name) => `package-lock.json: ${path} needs ${name}, which is not in it`),
  );
}
