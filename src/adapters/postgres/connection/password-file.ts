import { statSync } from 'node:fs';
import { LARGEST, readNamedFile } from '../../../files/named-file.ts';

/** Whom a password is for. */
export interface PasswordOwner {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The password in a file of lines `host:port:database:user:password`, of which the first that fits counts; `*` fits
 * everything, and `\:` is a colon. As libpq, it leaves a file alone that others may read.
 */
export function passwordFrom(path: string, owner: PasswordOwner): string | undefined {
  let text: string;
  try {
    const { mode } = statSync(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) return undefined;
    text = readNamedFile(path, LARGEST.certificates).toString('utf8');
  } catch {
    return undefined;
  }
  const host = owner.host.startsWith('/') ? 'localhost' : owner.host;
  const wanted = [host, String(owner.port), owner.database, owner.user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = fieldsOf(line);
    if (fields.length === 5 && wanted.every((each, at) => fields[at] === '*' || fields[at] === each))
      return fields[4];
  }
  return undefined;
}

function fieldsOf(line: string): readonly string[] {
  return [...line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)]
    .slice(0, 5)
    .map(([, field = '']) => field.replaceAll(/\\(.)/g, '$1'));
}
