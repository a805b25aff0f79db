import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test('the extension becomes one file that needs nothing but the editor and Node', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-vscode-'));
  try {
    const file = join(folder, 'extension.cjs');
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'editors/vscode/bundle.ts'), file], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const needed = [...readFileSync(file, 'utf8').matchAll(/require\((["'`])([^"'`]+)\1\)/g)].map(
      ([, , name = '']) => name,
    );
    const { builtinModules } = createRequire(import.meta.url)('node:module') as { builtinModules: string[] };
    const foreign = needed.filter((name) => !builtinModules.includes(name.replace('node:', '')));
    expect(new Set(foreign)).toEqual(new Set(['vscode']));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
