/** One step of an RFC 6901 pointer: a key, escaped, or a place in a list. */
export function pointerTo(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
