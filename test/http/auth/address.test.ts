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

test('an address counts as one however a header spells it', () => {
  for (const spellings of [
    [
      '6.6.6.6',
      '::ffff:6.6.6.6',
      '::FFFF:6.6.6.6',
      '::ffff:0606:0606',
      '::ffff:606:606',
      '0:0:0:0:0:ffff:6.6.6.6',
    ],
    ['2001:db8::1', '2001:DB8::1', '2001:0db8:0:0::1', '2001:db8:0000:0000:0000:0000:0000:0001'],
    ['fe80::1', 'fe80::1%eth0'],
  ])
    expect(new Set(spellings.map(addressGroup)).size).toBe(1);
  for (const address of ['0:0:0:0:0:0:0:1', '::ffff:7f00:1']) expect(isLoopback(address)).toBe(true);
});
