import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';

/** The file system in memory that Linux has for everyone. */
const SHARED_MEMORY = '/dev/shm';
/** Bytes: several times what the tests write. */
const ROOM = 8 * 1024 ** 3;

/**
 * A folder in memory for all that the tests write: a new database costs a seventh of the processor time there. Undefined
 * where there is none, where programs may not run from it, or where it is small, as in most containers.
 */
export function memoryFolder(): string | undefined {
  try {
    accessSync(SHARED_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    return bavail * bsize >= ROOM && !forbidsPrograms() ? SHARED_MEMORY : undefined;
  } catch {
    return undefined;
  }
}

function forbidsPrograms(): boolean {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  return mounts.some((line) => line.split(' ')[1] === SHARED_MEMORY && /\bnoexec\b/.test(line));
}
