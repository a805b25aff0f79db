import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { nomnom } from '../support/nomnom.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-completion-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const scriptOf = async (shell: string): Promise<string> => {
  const { status, out } = await nomnom(['completion', shell]);
  expect(status).toBe(0);
  return out;
};

// `npm test` completes in bash, which every machine has; these two are packages of every system.
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
