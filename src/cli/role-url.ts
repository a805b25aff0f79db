import { usage } from './exit.ts';

/**
 * Where the ingest role listens, without a slash at its end. A text that no request can go to is wrong use: no wait would make an
 * address of it.
 */
export function roleUrl(flag: string | undefined, port: number): string {
  if (flag === undefined && port === 0)
    throw usage('PORT is 0, on which nothing listens: name where the role listens with --url');
  if (flag === undefined) return `http://127.0.0.1:${port}`;
  const url = URL.parse(flag);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw usage(`--url: expected http://host:port or https://host:port, got "${flag}"`);
  if (url.port === '0') throw usage(`--url: nothing listens on port 0, got "${flag}"`);
  // Not repeated: it may hold a password.
  if (url.username !== '' || url.password !== '')
    throw usage('--url: a user and a password are not sent; a key goes into NOMNOM_KEY or --key-file');
  return flag.replace(/\/+$/, '');
}
