import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { problem, type Problem } from '../../http/problem.ts';

const NON_ASCII = /[\x80-\xff]/;

/**
 * The text of a header's value. HTTP says of the bytes above ASCII in a value only that they are opaque (RFC 9110, 5.5);
 * Node gives each as the character of that number. Here they are UTF-8, as everything else that is stored. Undefined
 * where they are not: what they mean cannot be known.
 */
export function headerText(value: string): string | undefined {
  if (!NON_ASCII.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** The refusal of a request in which a header that the entity reads is not UTF-8. */
export function unreadableHeader(
  names: readonly string[],
  headers: IncomingHttpHeaders,
): Problem | undefined {
  const name = names.find((each) => {
    const value = rawHeader(headers, each);
    return value !== undefined && headerText(value) === undefined;
  });
  if (name === undefined) return undefined;
  const message = `the value of the header ${name} is not UTF-8; other bytes above ASCII have no known meaning (RFC 9110, 5.5)`;
  return problem('invalid_header', message, { header: name });
}

/** The value as Node gives it; of a header that came several times, joined as HTTP joins it. */
export function rawHeader(headers: IncomingHttpHeaders, name: string): string | undefined {
  // A header may be called `constructor`.
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'object' ? value.join(', ') : value;
}
