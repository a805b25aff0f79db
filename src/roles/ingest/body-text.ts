import { isAscii, isUtf8 } from 'node:buffer';

/**
 * The text of a body, or undefined where it is not UTF-8. A byte order mark stays, so that the text has every byte
 * that was received.
 */
export function bodyText(body: Buffer): string | undefined {
  if (isAscii(body)) return body.toString('latin1');
  return isUtf8(body) ? body.toString('utf8') : undefined;
}
