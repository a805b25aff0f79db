import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';

const folder = new URL('../golden/', import.meta.url).pathname;

/**
 * Compares a text with the file `test/golden/NAME`, which holds exactly what a user sees. `UPDATE_GOLDEN=1` writes
 * the file instead; what changed is then read in the diff before it is committed.
 */
export function expectGolden(name: string, text: string): void {
  const path = `${folder}${name}`;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  expect(existsSync(path), `test/golden/${name} is missing: write it with UPDATE_GOLDEN=1`).toBe(true);
  expect(text).toBe(readFileSync(path, 'utf8'));
}
