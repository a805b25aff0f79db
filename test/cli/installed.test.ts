import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { root } from '../support/nomnom.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'nomnom-installed-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The package as `npm install` lays it out, beside the dependencies of this checkout. */
async function install(): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--pack-destination', folder, '--silent'], { cwd: root });
  await run('tar', ['-xzf', join(folder, stdout.trim().split('\n').at(-1) ?? ''), '-C', folder]);
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  renameSync(join(folder, 'package'), join(modules, 'nomnom'));
  for (const name of readdirSync(join(root, 'node_modules')))
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  return join(modules, 'nomnom/bin/nomnom');
}

test('the installed package runs without the sources', async () => {
  const bin = await install();
  const file = join(root, 'pipelines/tpch.nom');
  const checked = await run(process.execPath, [bin, 'check', file]);
  expect(checked.stdout).toContain('accepted');
  const evaluated = await run(process.execPath, [
    bin,
    'eval',
    file,
    'Region',
    '{"region_key":1,"name":"EUROPE"}',
  ]);
  expect(JSON.parse(evaluated.stdout)).toMatchObject({ rows: { regions: [{ region_key: '1' }] } });
  const version = await run(process.execPath, [bin, '--version']);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
