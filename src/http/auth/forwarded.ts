import { isIP } from 'node:net';
import { isAmong } from './networks.ts';

/**
 * Where a request comes from: its peer, or what a proxy says of it in `X-Forwarded-For`, as long as that proxy is one of
 * `trusted` (addresses and networks). Each proxy adds whom it had the request from, so the list is read from its end.
 */
export function forwardedBy(
  trusted: readonly string[],
): (peer: string, forwarded: string | readonly string[] | undefined) => string {
  if (trusted.length === 0) return (peer) => peer;
  const isProxy = isAmong(trusted);
  return (peer, forwarded) => {
    if (forwarded === undefined || !isProxy(peer)) return peer;
    let address = peer;
    for (const before of String(forwarded).split(',').toReversed()) {
      address = withoutPort(before.trim());
      if (!isProxy(address)) break;
    }
    // A header can say anything.
    return isIP(address) === 0 ? peer : address;
  };
}

/** Some proxies write the port too, and brackets around IPv6: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/;

function withoutPort(written: string): string {
  const [, six, four] = WITH_PORT.exec(written) ?? [];
  return six ?? four ?? written;
}
