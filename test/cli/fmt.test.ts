import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { nomnom, root } from '../support/nomnom.ts';

const cwd = mkdtempSync(join(tmpdir(), 'nomnom-fmt-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const messy = 'entity A{id:int store a{key(id) upsert on(id)}}';
const neat = 'entity A { id: int  store a { key (id)  upsert on (id) } }\n';

function put(name: string, text: string): string {
  writeFileSync(join(cwd, name), text);
  return name;
}

test('fmt rewrites the files that need it, names them, and leaves the others', async () => {
  const files = [put('messy.nom', messy), put('neat.nom', neat)];
  const before = statSync(join(cwd, 'neat.nom')).mtimeMs;
  expect(await nomnom(['fmt', ...files], { cwd })).toEqual({ status: 0, out: 'messy.nom\n', err: '' });
  expect(readFileSync(join(cwd, 'messy.nom'), 'utf8')).toBe(neat);
  expect(statSync(join(cwd, 'neat.nom')).mtimeMs).toBe(before);
  expect(await nomnom(['fmt', ...files], { cwd })).toEqual({ status: 0, out: '', err: '' });
});

test('fmt --check writes nothing, lists what would change, and tells by its exit status', async () => {
  const files = [put('messy.nom', messy), put('neat.nom', neat)];
  expect(await nomnom(['fmt', '--check', ...files], { cwd })).toEqual({
    status: 1,
    out: 'messy.nom\n',
    err: '',
  });
  expect(readFileSync(join(cwd, 'messy.nom'), 'utf8')).toBe(messy);
  expect(await nomnom(['fmt', '--check', 'neat.nom'], { cwd })).toEqual({ status: 0, out: '', err: '' });
});

test('fmt - formats standard input to standard output', async () => {
  expect(await nomnom(['fmt', '-'], { input: messy })).toEqual({ status: 0, out: neat, err: '' });
});

test('a file with errors of syntax is not touched, its findings are shown, and the others are formatted', async () => {
  const files = [put('broken.nom', 'entity A { id int }'), put('messy.nom', messy)];
  const ran = await nomnom(['fmt', ...files], { cwd });
  expect(ran.status).toBe(1);
  expect(ran.err).toMatch(/error\[NOM0\d\d\]/);
  expect(ran.err).toContain('broken.nom has syntax errors, so it was not changed');
  expect(readFileSync(join(cwd, 'broken.nom'), 'utf8')).toBe('entity A { id int }');
  expect(readFileSync(join(cwd, 'messy.nom'), 'utf8')).toBe(neat);
});

test('a missing file is wrong use', async () => {
  expect(await nomnom(['fmt', 'nowhere.nom'], { cwd })).toMatchObject({ status: 2, out: '' });
});

test('the pipelines of the project pass fmt --check', async () => {
  copyFileSync(join(root, 'pipelines/tpch.nom'), join(cwd, 'tpch.nom'));
  expect(await nomnom(['fmt', '--check', 'tpch.nom'], { cwd })).toMatchObject({ status: 0 });
});
