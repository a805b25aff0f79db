import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');
const extension = join(root, 'editors/vscode');
const [target = join(root, 'dist/nomnom.vsix')] = process.argv.slice(2);
const vsce = join(dirname(createRequire(import.meta.url).resolve('@vscode/vsce/package.json')), 'vsce');

/** Builds the extension for VS Code as one file. What belongs into it is laid out by itself, so that nothing else comes in. */
const folder = mkdtempSync(join(tmpdir(), 'nomnom-vscode-'));
try {
  const {
    private: _,
    type: __,
    ...manifest
  } = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const name of [
    'README.md',
    'CHANGELOG.md',
    'screenshot.png',
    'language-configuration.json',
    'snippets',
    'syntaxes',
  ])
    cpSync(join(extension, name), join(folder, name), { recursive: true });
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  execFileSync(process.execPath, [join(extension, 'bundle.ts'), join(folder, 'dist/extension.cjs')], {
    stdio: 'inherit',
  });
  mkdirSync(dirname(resolve(target)), { recursive: true });
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  execFileSync(process.execPath, [vsce, 'package', ...options, '--out', resolve(target)], {
    cwd: folder,
    stdio: 'inherit',
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
