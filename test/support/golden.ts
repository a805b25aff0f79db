import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';

const folder = new URL('../golden/', import.meta.url).pathname;

/** Whether goldens are written instead of compared. Never under CI, where nobody reads the diff. */
export function updatesGoldens(env: NodeJS.ProcessEnv = process.env): boolean {
  const inCi = env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false' && env['CI'] !== '0';
  return env['UPDATE_GOLDEN'] === '1' && !inCi;
}

/**
 * Compares a text with the file `test/golden/NAME`, which holds exactly what a user sees. `UPDATE_GOLDEN=1` writes
 * the file instead; what changed is then read in the diff before it is committed. Under CI it always compares.
 */
export function expectGolden(name: string, text: string): void {
  const path = `${folder}${name}`;
  if (updatesGoldens()) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  expect(existsSync(path), `test/golden/${name} is missing: write it with UPDATE_GOLDEN=1`).toBe(true);
  expect(text).toBe(readFileSync(path, 'utf8'));
}
