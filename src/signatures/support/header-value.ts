import type { RequestHead } from '../scheme.ts';

/** The value of a header, by lower-case name; of one that came several times, joined as HTTP joins it. */
export function headerValue({ headers }: RequestHead, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'object' ? value.join(', ') : value;
}
