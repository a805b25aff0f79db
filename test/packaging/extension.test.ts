import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { root } from '../support/nomnom.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-vsix-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the .vsix has the extension as one file, its grammar, and nothing of its sources', async () => {
  const target = join(folder, 'nomnom.vsix');
  await promisify(execFile)(process.execPath, [join(root, 'packaging/vscode.ts'), target]);
  const script = 'import sys, zipfile; print("\\n".join(zipfile.ZipFile(sys.argv[1]).namelist()))';
  const { stdout } = await promisify(execFile)('python3', ['-c', script, target]);
  expect(stdout.trim().split('\n').toSorted()).toEqual([
    '[Content_Types].xml',
    'extension.vsixmanifest',
    'extension/LICENSE.txt',
    'extension/changelog.md',
    'extension/dist/extension.cjs',
    'extension/language-configuration.json',
    'extension/package.json',
    'extension/readme.md',
    'extension/screenshot.png',
    'extension/snippets/nomnom.json',
    'extension/syntaxes/nomnom.tmLanguage.json',
  ]);
});
