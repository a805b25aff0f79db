/** What a file is read as: another file of the program, the rows of a lookup, a message of a test. */
export type FileKind = 'program' | 'lookup' | 'message';

/** Why a file was not read. */
export interface NotRead {
  /** Goes on where a sentence says `the file NAME`: `is a FIFO, only a regular file is read`. */
  readonly problem: string;
  readonly help?: string;
  /** A name in the path that leads nowhere, and one that does. */
  readonly misspelt?: { readonly name: string; readonly by: string };
}

/**
 * The text of a file that a program names, or why it was not read; nothing where no reason is known. The path is relative
 * to where the program's own path is, in the form of that path: the model does no I/O itself.
 */
export interface ReadFile {
  (path: string, kind: FileKind): string | NotRead | undefined;
  /** Where a path leads, through all links: the same for two paths of one file. Without it, one path is one file. */
  readonly placeOf?: ((path: string) => string) | undefined;
}

/** Another way to read the files of a reader. */
export function readerLike({ placeOf }: ReadFile, read: ReadFile): ReadFile {
  return Object.assign(read, { placeOf });
}

/** Whether a path as a program has it leads to a folder, whatever is there: `.`, `..` or `parts/`. */
export function namesFolder(path: string): boolean {
  return /(?:^|\/)(?:\.{0,2})$/.test(path);
}

/** What a finding says of a file that was not read. */
export function notReadMessage(name: string, read: NotRead | undefined): string {
  return `the file ${name} ${read?.problem ?? 'cannot be read'}`;
}

/** What to say beside it, for the path as the program has it. */
export function notReadHelp(path: string, read: NotRead | undefined): string | undefined {
  if (read?.misspelt === undefined) return read?.help;
  const { name, by } = read.misspelt;
  const parts = path.split('/');
  const at = parts.lastIndexOf(name);
  return at < 0 ? read.help : `did you mean \`"${parts.with(at, by).join('/')}"\`?`;
}

/**
 * The path of a file that stands in a program, seen from where the program's path is; nothing where it is not relative.
 * `shop/orders.nom` and `../common.nom` give `common.nom`.
 */
export function pathFrom(file: string, relative: string): string | undefined {
  if (relative === '' || /^([\\/]|[A-Za-z]:)/.test(relative)) return undefined;
  const parts = file.split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    const last = parts.at(-1);
    if (part === '..' && last !== undefined && last !== '..' && last !== '.' && last !== '') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
