import { isIP } from 'node:net';

/** An IPv4 address inside of IPv6, in the form that a URL gives it: `::ffff:c000:201`. */
const MAPPED = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/;

/** Whether a peer is this machine itself. */
export function isLoopback(address: string): boolean {
  const plain = canonical(address);
  return plain.startsWith('127.') || plain === '::1';
}

/**
 * What counts as one sender among addresses, however each is written: an IPv4 address, or the first 64 bits of an IPv6 address,
 * which one host can change as it likes below them.
 */
export function addressGroup(address: string): string {
  const plain = canonical(address);
  if (!plain.includes(':')) return plain;
  const [before = '', after] = plain.split('::', 2);
  const left = before === '' ? [] : before.split(':');
  const right = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4).join(':');
}

/** The one spelling of an address: a header can write an IPv6 address in many ways, and an IPv4 address as one. */
function canonical(address: string): string {
  // A zone (`%eth0`) says which cable, not which host.
  const [plain = ''] = address.split('%');
  if (isIP(plain) !== 6) return address;
  const spelled = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const mapped = MAPPED.exec(spelled);
  if (mapped === null) return spelled;
  const bits = mapped.slice(1).map((part) => Number.parseInt(part, 16));
  return bits.flatMap((part) => [part >> 8, part & 0xff]).join('.');
}
