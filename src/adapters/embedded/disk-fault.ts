import { Failure } from '../../ports/failure.ts';

/**
 * The codes of the system for what a disk refuses, by the numbers that the embedded Postgres has for them: those of WASI
 * (wasi.dev, `errno`), which do not depend on the system.
 */
const CODES: Readonly<Record<number, string>> = {
  2: 'EACCES',
  19: 'EDQUOT',
  29: 'EIO',
  51: 'ENOSPC',
  63: 'EPERM',
  69: 'EROFS',
};

/** `disk_full`. */
const DISK_FULL = '53100';

/**
 * Where the disk refuses a file of the embedded Postgres, the error has a number only, a write to an open file names no file, and a
 * statement fails for another reason each time. This is the one error for all of them, with `code`, and the folder as its `path`.
 * Every other error is given back as it is.
 */
export function diskFault(error: unknown, path: string): unknown {
  const code = codeOf(error);
  return code === undefined
    ? error
    : Object.assign(new Error(`${code}: ${path}`, { cause: error }), { code, path });
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || 'path' in error) return undefined;
  if (error instanceof Failure) return error.sql?.sqlstate === DISK_FULL ? 'ENOSPC' : codeOf(error.cause);
  if (error instanceof Error)
    return 'code' in error ? Object.values(CODES).find((code) => code === error.code) : undefined;
  return 'errno' in error && typeof error.errno === 'number' ? CODES[error.errno] : undefined;
}
