import { expect, test } from 'vitest';
import { addressGroup, isLoopback } from '../../../src/http/auth/address.ts';

test('only this machine is this machine', () => {
  for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])
    expect(isLoopback(address)).toBe(true);
  for (const address of ['10.0.0.1', '::ffff:10.0.0.1', '::2', '', '1127.0.0.1', 'fe80::1'])
    expect(isLoopback(address)).toBe(false);
});

test('a host cannot count as many by changing the end of its IPv6 address', () => {
  expect(addressGroup('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
  expect(addressGroup('2001:db8:1:2::7')).toBe('2001:db8:1:2');
  expect(addressGroup('2001:db8::7')).toBe('2001:db8:0:0');
  expect(addressGroup('::1')).toBe('0:0:0:0');
  expect(addressGroup('192.0.2.1')).toBe('192.0.2.1');
  expect(addressGroup('::ffff:192.0.2.1')).toBe('192.0.2.1');
});
