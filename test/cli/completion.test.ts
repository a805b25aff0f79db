import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { nomnom } from '../support/nomnom.ts';
import { findProgram } from '../support/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-completion-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'shop.nom'), '');

const scriptOf = async (shell: string): Promise<string> => {
  const { status, out } = await nomnom(['completion', shell]);
  expect(status).toBe(0);
  return out;
};

test('bash completes commands, options, their values and files', async () => {
  writeFileSync(join(folder, 'completion.bash'), await scriptOf('bash'));
  const complete = (...words: readonly string[]): readonly string[] => {
    const script = `source ./completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nomnom; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const args = ['--norc', '-c', script, 'bash', 'nomnom', ...words];
    return execFileSync('bash', args, { cwd: folder, encoding: 'utf8' }).trim().split('\n');
  };
  expect(complete('che')).toEqual(['check']);
  expect(complete('dlq', 'sim')).toEqual(['simulate']);
  expect(complete('check', '--fo')).toEqual(['--format']);
  expect(complete('check', '--format', '')).toEqual(['text', 'json', 'sarif', 'github']);
  expect(complete('check', 'sh')).toEqual(['shop.nom']);
  expect(complete('check', 'shop.nom', '--no-c')).toEqual(['--no-color']);
  expect(complete('completion', 'z')).toEqual(['zsh']);
});

// Not every machine has these; the script of bash is made from the same description.
if (findProgram('fish') !== undefined)
  test('fish completes the same', async () => {
    writeFileSync(join(folder, 'completion.fish'), await scriptOf('fish'));
    const complete = (line: string): string =>
      execFileSync('fish', ['--no-config', '-c', `source completion.fish; complete -C '${line}'`], {
        cwd: folder,
        encoding: 'utf8',
      });
    expect(complete('nomnom che')).toMatch(/^check\t/);
    expect(complete('nomnom dlq sim')).toMatch(/^simulate\t/);
    expect(complete('nomnom check --format ')).toContain('sarif');
    expect(complete('nomnom completion z')).toMatch(/^zsh/);
  });

if (findProgram('zsh') !== undefined)
  test('zsh reads its script, and describes every command', async () => {
    const script = await scriptOf('zsh');
    writeFileSync(join(folder, '_nomnom'), script);
    const read = execFileSync(
      'zsh',
      [
        '-f',
        '-c',
        'autoload -Uz compinit && compinit -u -D && source ./_nomnom && print -l ${(k)functions} && print $_comps[nomnom]',
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(read).toContain('_nomnom_dlq_simulate\n');
    expect(read.trim().endsWith('_nomnom')).toBe(true);
  });
