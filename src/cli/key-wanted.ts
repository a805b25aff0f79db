import { type Ended, fault } from './exit.ts';
import type { Headers } from './headers.ts';

/** What a person is told whose request had no key, where the role wants one; undefined for any other answer. */
export function keyWanted(url: string, status: number, headers: Headers): Ended | undefined {
  const sent = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  return status !== 401 || sent
    ? undefined
    : fault(
        `${url}: the role needs a key`,
        'Set NOMNOM_KEY, or name the file that has the key with `--key-file`; `nomnom keys create` makes one.',
      );
}
