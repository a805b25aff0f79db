const MAPPED = '::ffff:';

/** Whether a peer is this machine itself. */
export function isLoopback(address: string): boolean {
  const plain = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
  return plain.startsWith('127.') || plain === '::1';
}

/**
 * What counts as one sender among addresses: an IPv4 address, or the first 64 bits of an IPv6 address, which one host can
 * change as it likes below them.
 */
export function addressGroup(address: string): string {
  if (address.startsWith(MAPPED)) return address.slice(MAPPED.length);
  if (!address.includes(':')) return address;
  const [before = '', after] = address.split('::', 2);
  const left = before === '' ? [] : before.split(':');
  const right = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4).join(':');
}
