import { expect, test } from 'vitest';
import { credentialOf } from '../../../src/http/auth/credential.ts';

const read = (...values: readonly string[]) =>
  credentialOf(
    values[0],
    values.flatMap((value) => ['Authorization', value]),
  );

test('a key comes as a bearer token, whatever the case of the scheme', () => {
  const found = { kind: 'bearer', token: 'nom_abc' };
  expect(read('Bearer nom_abc')).toEqual(found);
  expect(read('bearer nom_abc')).toEqual(found);
  expect(read('BEARER   nom_abc ')).toEqual(found);
});

test('another scheme is not ours to judge', () => {
  for (const text of ['Basic dXNlcjpwYXNz', 'Bearerless x', 'nom_abc', ''])
    expect(read(text)).toEqual({ kind: 'none' });
  expect(credentialOf(undefined, [])).toEqual({ kind: 'none' });
});

test('of two Authorization headers none counts: a proxy may have checked the other one', () => {
  expect(read('Bearer nom_abc', 'Bearer nom_def').kind).toBe('malformed');
  expect(credentialOf('Bearer nom_abc', ['authorization', 'Bearer nom_abc', 'AUTHORIZATION', 'x']).kind).toBe(
    'malformed',
  );
});

test('what no token looks like is refused before anything is computed of it', () => {
  for (const token of ['', ' ', 'a b', 'a,b', 'ключ', 'a\u0000b', '\u00e9', '=', 'x'.repeat(9_000)])
    expect(read(`Bearer ${token}`).kind).toBe('malformed');
});
