import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { nomnom, root, startNomnom } from '../support/nomnom.ts';

const cwd = mkdtempSync(join(tmpdir(), 'nomnom-test-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const program = 'entity A { id: int  store a { key (id)  upsert on (id) } }\n';

function put(name: string, text: string): string {
  writeFileSync(join(cwd, name), text);
  return name;
}

test('the tests of the project’s pipelines and examples pass', async () => {
  const pipelines = readdirSync(join(root, 'pipelines')).filter((name) => name.endsWith('.nom'));
  const files = pipelines.map((name) => `pipelines/${name}`);
  const ran = await nomnom(['test', ...files, 'test/examples/tpch.nom']);
  expect(ran).toMatchObject({ status: 0, err: '' });
  expect(ran.out).toMatch(/\d+ tests passed, 0 failed\n$/);
});

test('a failure is shown with its place and makes the exit status 1', async () => {
  const file = put('fails.nom', `${program}test "t" {\n  given A { "id": 1 }\n  expect a { "id": 2 }\n}\n`);
  const ran = await nomnom(['test', file], { cwd });
  expect(ran).toMatchObject({ status: 1, err: '' });
  expect(ran.out).toContain('fails.nom:4:3: no row of a matches');
  expect(ran.out).toContain('0 tests passed, 1 failed');
  const json = await nomnom(['test', '--json', file], { cwd });
  expect(json.status).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject([
    { file, line: 2, title: 't', status: 'failed', failures: [{ line: 4, columns: [{ column: 'id' }] }] },
  ]);
});

test('`--name` runs the tests of one title, and names the titles there are for one that is unknown', async () => {
  const tests = ['one', 'two words'].map((title) => `test "${title}" {\n  expect count(a) == 0\n}\n`);
  const file = put('named.nom', program + tests.join(''));
  const ran = await nomnom(['test', '--name=two words', file], { cwd });
  expect(ran).toMatchObject({ status: 0, err: '' });
  expect(ran.out).toContain('1 test passed, 0 failed');
  expect(ran.out).not.toContain('one');
  const unknown = await nomnom(['test', '--name', 'three', file], { cwd });
  expect(unknown.status).toBe(2);
  expect(unknown.err).toContain('no test is called "three"; the tests are "one", "two words"');
});

test('a file without tests says so', async () => {
  expect(await nomnom(['test', put('none.nom', program)], { cwd })).toEqual({
    status: 0,
    out: 'none.nom: no tests\n0 tests passed, 0 failed\n',
    err: '',
  });
});

test('a file that does not pass the check is not run', async () => {
  const ran = await nomnom(['test', put('wrong.nom', 'entity A { id: nt }\n')], { cwd });
  expect(ran.status).toBe(1);
  expect(ran.err).toContain('wrong.nom does not pass the check, so its tests were not run');
});

test('messages in files are read beside the program, wherever the command runs', async () => {
  put('one.json', '{"id": 1}');
  const text = (name: string): string => `${program}test "t" { given A "${name}"  expect count(a) == 1 }\n`;
  expect(await nomnom(['test', join(cwd, put('file.nom', text('one.json')))])).toMatchObject({ status: 0 });
  const gone = await nomnom(['test', put('gone.nom', text('two.json'))], { cwd });
  expect(gone.status).toBe(1);
  expect(gone.out).toContain('gone.nom:2:12: the file two.json does not exist');
});

test('--watch runs again when the program or one of its messages changes, and ends with the signal', async () => {
  put('watched.json', '{"id": 1}');
  const text = (count: number): string =>
    `${program}test "t" { given A "watched.json"  expect a { "id": 1 }  expect count(a) == ${count} }\n`;
  put('watched.nom', text(1));
  const started = startNomnom(['test', '--watch', 'watched.nom'], { cwd });
  await started.printed(/1 test passed, 0 failed[^]*watching/);
  put('watched.nom', text(2));
  await started.printed(/0 tests passed, 1 failed[^]*watching/);
  put('watched.nom', text(1));
  await started.printed(/1 test passed[^]*1 failed[^]*1 test passed[^]*watching/);
  put('watched.json', '{"id": 2}');
  await started.printed(/no row of a matches/);
  expect(await started.stop()).toBe(0);
});

test('--watch sees changes of imported files in other folders', async () => {
  mkdirSync(join(cwd, 'parts'));
  put('parts/a.nom', program);
  put('imports.nom', 'import "parts/a.nom"\ntest "t" { given A { "id": 1 }  expect a { "id": 1 } }\n');
  const started = startNomnom(['test', '--watch', 'imports.nom'], { cwd });
  await started.printed(/1 test passed, 0 failed[^]*watching/);
  put('parts/a.nom', program.replace('id: int', 'id: int  check id > 1'));
  await started.printed(/the message was rejected: check_failed[^]*watching/);
  expect(await started.stop()).toBe(0);
});
