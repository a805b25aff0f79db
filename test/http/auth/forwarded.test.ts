import { expect, test } from 'vitest';
import { forwardedBy } from '../../../src/http/auth/forwarded.ts';

const through = forwardedBy(['10.0.0.0/8', '127.0.0.1', 'fd00::/8']);

test.each([
  ['nobody is trusted by default', forwardedBy([]), '10.0.0.1', '192.0.2.1', '10.0.0.1'],
  ['a stranger may write what it likes', through, '198.51.100.1', '192.0.2.1', '198.51.100.1'],
  ['a proxy tells whom it had the request from', through, '10.0.0.1', '192.0.2.1', '192.0.2.1'],
  ['what stands before that is hearsay', through, '10.0.0.1', '7.7.7.7, 192.0.2.1', '192.0.2.1'],
  ['a proxy may have it from a proxy', through, '127.0.0.1', '192.0.2.1,10.1.1.1', '192.0.2.1'],
  ['from proxies only, it is of the first', through, '127.0.0.1', '10.2.2.2, 10.1.1.1', '10.2.2.2'],
  ['what is no address tells nothing', through, '10.0.0.1', '192.0.2.1, junk', '10.0.0.1'],
  ['an empty list tells nothing', through, '10.0.0.1', '', '10.0.0.1'],
  ['an IPv4 proxy of a socket that takes both', through, '::ffff:10.0.0.1', '2001:db8::1', '2001:db8::1'],
  ['a proxy may write the port', through, '10.0.0.1', '192.0.2.1:4711', '192.0.2.1'],
  ['also that of a proxy before it', through, '10.0.0.1', '192.0.2.1, 10.1.1.1:443', '192.0.2.1'],
  ['a proxy may write IPv6 with brackets', through, '10.0.0.1', '[2001:db8::1]', '2001:db8::1'],
  ['and with a port', through, '10.0.0.1', '[2001:db8::1]:443', '2001:db8::1'],
  ['brackets around anything else tell nothing', through, '10.0.0.1', '[junk]:443', '10.0.0.1'],
  ['a proxy with IPv6', through, 'fd00::1', '2001:db8::1', '2001:db8::1'],
])('%s', (_, addressOf, peer, forwarded, address) => {
  expect(addressOf(peer, forwarded)).toBe(address);
  expect(addressOf(peer, undefined)).toBe(peer);
});
