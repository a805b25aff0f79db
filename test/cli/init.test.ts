import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { nomnom, root } from '../support/nomnom.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-init-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const pipelines = readdirSync(join(root, 'pipelines')).flatMap((name) => /^(.*)\.nom$/.exec(name)?.[1] ?? []);

test('--list names every pipeline of pipelines/', async () => {
  const { out } = await nomnom(['init', '--list']);
  const listed = out
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  expect(new Set(listed)).toEqual(new Set(pipelines));
  expect(listed[0]).toBe('minimal');
});

test.each(pipelines)('what it writes of %s passes its tests in the new folder', async (name) => {
  const made = await nomnom(['init', name, '--template', name], {
    cwd: folder,
    env: { npm_command: 'test' },
  });
  expect(made).toMatchObject({ status: 0, err: '' });
  expect(made.out).toContain(`  cd ${name}\n`);
  const tested = await nomnom(['test', `${name}.nom`], { cwd: join(folder, name) });
  expect(tested).toMatchObject({ status: 0, err: '' });
  expect(
    readdirSync(join(folder, name), { recursive: true }).filter((path) => String(path).endsWith('.ts')),
  ).toEqual([]);
});

test.each([
  ['it is not on the PATH', 'bin', '../bin/nomnom'],
  ['another nomnom is on the PATH', 'other', '../bin/nomnom'],
  ['it is on the PATH', 'linked', 'nomnom'],
])('the next command can be run where %s', async (_, on, shown) => {
  const home = mkdtempSync(join(folder, 'started-'));
  for (const each of ['bin', 'other', 'linked']) mkdirSync(join(home, each));
  symlinkSync(join(root, 'bin/nomnom'), join(home, 'bin/nomnom'));
  symlinkSync(join(home, 'bin/nomnom'), join(home, 'linked/nomnom'));
  writeFileSync(join(home, 'other/nomnom'), '', { mode: 0o755 });
  const { stdout } = await promisify(execFile)(process.execPath, ['bin/nomnom', 'init', 'shop'], {
    cwd: home,
    env: { PATH: on === 'bin' ? '/nowhere' : join(home, on) },
  });
  expect(stdout).toContain(`  ${shown} dev minimal.nom\n`);
});

test('the next command names the secrets that it needs, and npx where there is no nomnom', async () => {
  const { out } = await nomnom(['init', 'hooks', '-t', 'webhook'], {
    cwd: folder,
    env: { npm_command: 'exec' },
  });
  expect(out).toContain('  WEBHOOK_SECRET=… npx @nomnom-run/nomnom dev webhook.nom\n');
});

test.each([
  ['/tmp/nomnom-1.0.0.tgz', '/tmp/nomnom-1.0.0.tgz'],
  ['@nomnom-run/nomnom@1.0.0', '@nomnom-run/nomnom@1.0.0'],
])('the next command names the package that npx was given: %s', async (named, shown) => {
  const { out } = await nomnom(['init', `named-${named.length}`], {
    cwd: folder,
    env: { npm_command: 'exec', npm_config_package: named },
  });
  expect(out).toContain(`  npx --package ${shown} nomnom dev minimal.nom\n`);
});

test('a folder with files stays as it is', async () => {
  const full = join(folder, 'full');
  mkdirSync(full);
  writeFileSync(join(full, 'minimal.nom'), 'mine');
  const refused = await nomnom(['init'], { cwd: full });
  expect(refused).toMatchObject({
    status: 2,
    out: '',
    err: 'nomnom: . must be empty and has minimal.nom: name another folder, as in `nomnom init minimal`\n',
  });
  expect(readFileSync(join(full, 'minimal.nom'), 'utf8')).toBe('mine');
});

test('a template that does not exist names those that do', async () => {
  const { status, err } = await nomnom(['init', join(folder, 'none'), '-t', 'shop']);
  expect(status).toBe(2);
  expect(err).toContain('there is no template shop; the templates are minimal, webhook, ');
});

test('a folder without a name is wrong use, and nothing is written', async () => {
  const here = join(folder, 'nameless');
  mkdirSync(here);
  const refused = await nomnom(['init', ''], { cwd: here });
  expect(refused).toMatchObject({ status: 2, out: '' });
  expect(refused.err).toContain('the name of the folder is empty');
  expect(readdirSync(here)).toEqual([]);
});
