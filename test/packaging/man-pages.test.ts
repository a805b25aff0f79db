import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/registry.ts';
import { root } from '../support/nomnom.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-man-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('every command has a man page, and man renders each without a warning', async () => {
  await promisify(execFile)(process.execPath, [join(root, 'packaging/man.ts'), folder]);
  const pages = readdirSync(folder);
  expect(pages).toEqual(expect.arrayContaining(commands.map(({ name }) => `nomnom-${name}.1`)));
  for (const page of pages) {
    const { stdout, stderr } = await promisify(execFile)('man', ['--warnings', '-l', join(folder, page)], {
      env: { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '80' },
    });
    expect(`${page} ${stderr}`).toBe(`${page} `);
    expect(stdout).toContain('SYNOPSIS');
  }
});
