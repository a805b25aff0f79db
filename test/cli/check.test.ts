import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nomnom, root } from '../support/nomnom.ts';

interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly help?: string;
  readonly related?: readonly unknown[];
}

test('the example pipelines and the project’s own are accepted with exit status 0', async () => {
  const ran = await nomnom([
    'check',
    'test/examples/tiny.nom',
    'test/examples/tpch.nom',
    'pipelines/tpch.nom',
  ]);
  expect(ran).toMatchObject({ status: 0, err: '' });
  expect(ran.out).toContain('pipelines/tpch.nom: accepted, 6 entities, 8 tables, 2 roles');
});

test.each(readdirSync(`${root}/test/examples/rejected`))(
  '%s has exactly the code in its first line',
  async (name) => {
    const file = `test/examples/rejected/${name}`;
    const code = /NOM\d{3}/.exec(readFileSync(`${root}/${file}`, 'utf8').split('\n')[0] ?? '')?.[0];
    const ran = await nomnom(['check', file, '--format', 'json']);
    const findings = JSON.parse(ran.out) as readonly Finding[];
    expect(ran.status).toBe(1);
    expect(findings.map((finding) => finding.code)).toEqual([code]);
  },
);

test('a finding as JSON says what, where and how to fix it', async () => {
  const ran = await nomnom(['check', '--format=json', 'test/examples/rejected/upsert-without-unique.nom']);
  expect(JSON.parse(ran.out)).toEqual([
    {
      code: 'NOM201',
      severity: 'error',
      message: expect.stringContaining('order_line_items') as string,
      file: 'test/examples/rejected/upsert-without-unique.nom',
      line: 11,
      column: 65,
      endLine: 11,
      endColumn: 89,
      help: expect.stringContaining('key (order_key, line_number)') as string,
      related: [expect.objectContaining({ line: 11, column: 28 })],
    },
  ]);
});

test('an accepted file as JSON is an empty list', async () => {
  expect(await nomnom(['check', 'test/examples/tiny.nom', '--format', 'json'])).toMatchObject({
    status: 0,
    out: '[]\n',
  });
});

test('text has the first findings and says how many are left; other formats and the exit status have all', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-many-')), 'many.nom');
  writeFileSync(file, `entity E {\n${'  x: int\n'.repeat(140)}}\n`);
  const shown = async (...options: readonly string[]): Promise<number> => {
    const ran = await nomnom(['check', file, ...options]);
    expect(ran.status).toBe(1);
    return ran.out.match(/^error/gm)?.length ?? (JSON.parse(ran.out) as readonly Finding[]).length;
  };
  expect(await shown()).toBe(100);
  expect(await shown('--max-findings', '7')).toBe(7);
  expect(await shown('--max-findings', '0')).toBe(139);
  expect(await shown('--format', 'json')).toBe(139);
});

test('several files are checked in one run, and one bad file makes the status 1', async () => {
  const ran = await nomnom(['check', 'test/examples/tiny.nom', 'test/examples/rejected/maybe-null.nom']);
  expect(ran.status).toBe(1);
  expect(ran.out).toContain('tiny.nom: accepted');
  expect(ran.out).toContain('error[NOM302]');
});

test.each([
  ['no file', ['check'], 'missing required argument'],
  ['a file that is not there', ['check', 'nowhere.nom'], 'there is no file nowhere.nom'],
  ['a folder', ['check', 'src'], 'src is a folder'],
  [
    'an unknown format',
    ['check', 'test/examples/tiny.nom', '--format', 'xml'],
    'Allowed choices are text, json',
  ],
  ['a count that is none', ['check', '--max-findings', '-1', 'test/examples/tiny.nom'], 'not a whole number'],
  ['an unknown option', ['check', '--loud', 'test/examples/tiny.nom'], "unknown option '--loud'"],
  ['an unknown command', ['chek'], "unknown command 'chek'"],
])('%s is wrong use: exit status 2 and a line that says so', async (_what, args, message) => {
  const ran = await nomnom(args);
  expect(ran.status).toBe(2);
  expect(ran.err).toContain(message);
});

test('every command has a help', async () => {
  const help = await nomnom(['--help']);
  expect(help.status).toBe(0);
  const commands = [...help.out.matchAll(/^ {2}([a-z]+) (?:\[|<)/gm)].map((match) => match[1] ?? '');
  expect(commands).toEqual(
    expect.arrayContaining(['check', 'explain', 'apply', 'run', 'dev', 'eval', 'send', 'status']),
  );
  for (const command of commands.filter((name) => name !== 'help')) {
    const ran = await nomnom([command, '--help']);
    expect(ran, command).toMatchObject({ status: 0, err: '' });
    expect(ran.out).toContain(`Usage: nomnom ${command}`);
  }
});

test('check prints SARIF and workflow commands, with the exit status of the findings', async () => {
  const file = 'test/examples/rejected/upsert-without-unique.nom';
  const sarif = await nomnom(['check', '--format', 'sarif', file, 'test/examples/tiny.nom']);
  expect(sarif.status).toBe(1);
  expect(JSON.parse(sarif.out)).toMatchObject({
    version: '2.1.0',
    runs: [{ results: [{ ruleId: 'NOM201' }] }],
  });
  const github = await nomnom(['check', '--format', 'github', file]);
  expect(github).toMatchObject({ status: 1, err: '' });
  expect(github.out).toMatch(
    /^::error file=test\/examples\/rejected\/upsert-without-unique\.nom,line=11,.*\n$/,
  );
  expect(await nomnom(['check', '--format', 'github', 'test/examples/tiny.nom'])).toEqual({
    status: 0,
    out: '',
    err: '',
  });
});
