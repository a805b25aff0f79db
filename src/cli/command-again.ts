import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { isSea } from 'node:sea';
import { basename, delimiter, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { quoted } from './shell-word.ts';

/** Whoever came by `npx` has no `nomnom` on the PATH. */
const PACKAGE = '@nomnom-run/nomnom';

/**
 * How a shell in `folder` starts this nomnom again: by `npx`, which may have it from a file or of a version; by its name, where that is on
 * the PATH; else by the path of what was started.
 */
export function commandAgain(folder: string): string {
  const { npm_command: by, npm_config_package: named, PATH: path = '' } = process.env;
  if (by === 'exec') {
    if (named === undefined || /^$|\n/.test(named)) return `npx ${PACKAGE}`;
    return `npx --package ${quoted(existsSync(named) ? resolve(named) : named)} nomnom`;
  }
  const started = isSea() ? process.execPath : process.argv[1];
  if (started === undefined || !isProgram(started)) return 'nomnom';
  const found = path
    .split(delimiter)
    .map((each) => resolve(each, 'nomnom'))
    .find(isProgram);
  if (found !== undefined && realpathSync(found) === realpathSync(started)) return 'nomnom';
  return quoted(shorterPath(realpathSync(folder), started));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** From the folder or from the root; with a slash, without which a shell would look on the PATH. */
function shorterPath(folder: string, file: string): string {
  const near = relative(folder, join(realpathSync(dirname(file)), basename(file)));
  if (isAbsolute(near) || near.length >= file.length) return file;
  return near.startsWith('..') ? near : `./${near}`;
}
