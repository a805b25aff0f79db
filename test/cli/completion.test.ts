import { execFileSync } from 'node:child_process';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { executable, nomnom } from '../support/nomnom.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-completion-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
writeFileSync(
  join(folder, 'shop.nom'),
  `pipeline shop
entity A { id: int  store a { key (id)  upsert on (id) } }
role taker { publish SHOP.ingest }
role writer { consume SHOP.ingest }
`,
);
symlinkSync(executable(), join(folder, 'nomnom'));

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
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    return execFileSync('bash', args, { cwd: folder, encoding: 'utf8', env }).trim().split('\n');
  };
  expect(complete('che')).toEqual(['check']);
  expect(complete('dlq', 'sim')).toEqual(['simulate']);
  expect(complete('check', '--fo')).toEqual(['--format']);
  expect(complete('check', '--format', '')).toEqual(['text', 'json', 'sarif', 'github']);
  expect(complete('check', 'sh')).toEqual(['shop.nom']);
  expect(complete('check', 'shop.nom', '--no-c')).toEqual(['--no-color']);
  expect(complete('completion', 'z')).toEqual(['zsh']);
  expect(complete('init', '--template', 'm')).toEqual(['minimal']);
  expect(complete('init', '-t', 'webh')).toEqual(['webhook']);
  expect(complete('run', 'shop.nom', '--log-level', 'de')).toEqual(['debug']);
  expect(complete('run', 'shop.nom', '--role', '')).toEqual(['taker', 'writer']);
  expect(complete('doctor', 'shop.nom', '-r', 'w')).toEqual(['writer']);
  // bash takes the = of --role=w for a word.
  expect(complete('run', 'shop.nom', '--role', '=')).toEqual(['taker', 'writer']);
  expect(complete('run', 'shop.nom', '--role', '=', 'w')).toEqual(['writer']);
  expect(complete('run', '--role', '')).toEqual(['']);
  expect(complete('run', 'none.nom', '--role', '')).toEqual(['']);
  expect(complete('run', 'shop.nom', '--port', '')).toEqual(['']);
});
