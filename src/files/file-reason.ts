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

/** The words for a code such as `EACCES`; undefined for one without. */
export function reasonOfCode(code: unknown): string | undefined {
  return typeof code === 'string' ? REASONS[code] : undefined;
}

/** Why a file that a person named cannot be opened, in words; as the system says it where there are none. */
export function fileReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  return code === 'ENOENT' ? 'it does not exist' : (reasonOfCode(code) ?? error.message);
}
