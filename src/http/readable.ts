import type { IncomingHttpHeaders } from 'node:http';
import { problem, type Problem } from './problem.ts';

/**
 * Any content type is read as what the entity takes, because many clients send JSON under another name. Refused is
 * only what would have to be decoded first: compressed bodies, forms with parts, other character sets.
 */
export function unreadable(headers: IncomingHttpHeaders): Problem | undefined {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return problem('unsupported_media_type', 'the body must not be compressed (Content-Encoding)');
  }
  const type = headers['content-type'];
  if (type === undefined) return undefined;
  if (/^\s*multipart\//i.test(type)) {
    return problem(
      'unsupported_media_type',
      'the body must be the message itself, not a form of several parts',
    );
  }
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1]?.toLowerCase();
  if (charset === undefined || READABLE_CHARSETS.has(charset)) return undefined;
  return problem('unsupported_media_type', 'the body must be UTF-8 (charset)');
}

/** ASCII is UTF-8; whether the bytes really are is checked on the bytes. */
const READABLE_CHARSETS: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);
