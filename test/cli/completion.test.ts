import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { completing } from '../support/completing.ts';

test('bash completes commands, options, their values and files', async () => {
  const { folder, env } = await completing('bash');
  const complete = (...words: readonly string[]): readonly string[] => {
    const script = `source ./completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nomnom; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const args = ['--norc', '-c', script, 'bash', 'nomnom', ...words];
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
