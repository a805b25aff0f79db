import { expect, test } from 'vitest';
import { keyHash, looksLikeKey, newKey } from '../../../src/roles/access/key-text.ts';

test('keys have one form that scanners of secrets find, and none comes twice', () => {
  const keys = Array.from({ length: 50 }, newKey);
  for (const key of keys) expect(key).toMatch(/^nom_[0-9A-Za-z]{36}$/);
  expect(keys.every(looksLikeKey)).toBe(true);
  expect(new Set(keys).size).toBe(keys.length);
});

test('a mistyped key is told by its checksum', () => {
  const key = newKey();
  const at = 10;
  const other = key[at] === 'a' ? 'b' : 'a';
  expect(looksLikeKey(key.slice(0, at) + other + key.slice(at + 1))).toBe(false);
  for (const text of ['', 'nom_', key.slice(1), `${key}x`, key.toUpperCase(), ` ${key}`])
    expect(looksLikeKey(text)).toBe(false);
});

test('what is stored of a key is its SHA-256', () => {
  expect(keyHash('nom_abc')).toBe('1d61dd3644c352567680e003788baa369ef1c2c95131da3977b1ae62465fafca');
});
