import { Option } from 'commander';
import { fileReason } from '../files/file-reason.ts';
import { LARGEST, readNamedFile } from '../files/named-file.ts';
import { looksLikeKey } from '../roles/access/key-text.ts';
import { usage } from './exit.ts';
import type { Headers } from './headers.ts';
import { setting } from './settings.ts';

/** No option takes the key itself: the list of processes would show it. */
export const keyFileOption = (): Option =>
  new Option('--key-file <file>', 'a file with the key to send with, instead of NOMNOM_KEY');

/** The header that proves who sends; none where no key is given. */
export function keyHeader(file: string | undefined): Headers {
  const key = setting('NOMNOM_KEY', {
    name: '--key-file',
    value: file === undefined ? undefined : keyIn(file),
  });
  if (key?.startsWith('nom_') === true && !looksLikeKey(key))
    throw usage(`${file === undefined ? 'NOMNOM_KEY' : '--key-file'}: the key is mistyped or cut off`);
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

function keyIn(file: string): string {
  try {
    return readNamedFile(file, LARGEST.secret).toString('utf8').trim();
  } catch (error) {
    throw usage(`--key-file: ${file} cannot be read: ${fileReason(error)}`);
  }
}
