/** What the codes of the system say of a file, in words. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'it is there already',
  EIO: 'the disk fails',
  EMFILE: 'this process has too many files open',
  ENFILE: 'the machine has too many files open',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
};

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
  const reason = refusesFolders
    ? 'no folder can be made there'
    : typeof code === 'string'
      ? REASONS[code]
      : undefined;
  return reason === undefined || typeof path !== 'string'
    ? undefined
    : `${path} cannot be written: ${reason}`;
}

/** Why a file that a person named cannot be opened, in words; as the system says it where there are none. */
export function fileReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return code === 'ENOENT' ? 'it does not exist' : (REASONS[code] ?? error.message);
}
