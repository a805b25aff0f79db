import { Option } from 'commander';
import { usage } from './exit.ts';

/** Request headers by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

/** A header of the request that a message comes with, as `name: value`. */
export const headerOption = (): Option =>
  new Option('--header <header>', 'a request header as "name: value"; may be repeated')
    .argParser<readonly string[]>((value, before) => [...before, value])
    .default([], 'none');

/** What RFC 9110 calls a token, and the values that every client can send. */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const VALUE = /^[\x20-\x7e\t]*$/;

/** Reads the headers of a command line; a wrong one is wrong use. `own` are those that the command sets itself. */
export function readHeaders(given: readonly string[], own: readonly string[] = []): Headers {
  const headers = new Map<string, string>();
  for (const header of given) {
    const colon = header.indexOf(':');
    const name = header.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const value = header.slice(colon + 1).trim();
    if (!NAME.test(name)) throw usage(`--header takes "name: value", got "${header}"`);
    if (!VALUE.test(value)) throw usage(`--header ${name}: a value has printable ASCII characters only`);
    if (own.includes(name)) throw usage(`--header ${name}: this command sets it itself`);
    if (headers.has(name)) throw usage(`--header ${name} is given twice`);
    headers.set(name, value);
  }
  return Object.fromEntries(headers);
}
