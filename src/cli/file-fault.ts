import { reasonOfCode } from '../files/file-reason.ts';

/**
 * What a file that could not be made or written says to a person; undefined for any other error. `file` names it where the error does
 * not, as that of a write to an open file.
 */
export function fileFault(error: unknown, file?: string): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code } = error;
  const path = 'path' in error ? error.path : file;
  // The folder above it is there: what makes a folder makes those first.
  const refusesFolders = code === 'ENOENT' && 'syscall' in error && error.syscall === 'mkdir';
  const reason = refusesFolders ? 'no folder can be made there' : reasonOfCode(code);
  return reason === undefined || typeof path !== 'string'
    ? undefined
    : `${path} cannot be written: ${reason}`;
}
