import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nomnom, root } from '../support/nomnom.ts';

const folder = join(root, 'test/checks/against');
const [old, now] = ['NOM602-old.nom', 'NOM602.nom'];
let files: string;

beforeAll(() => {
  files = mkdtempSync(join(tmpdir(), 'nomnom-against-'));
  writeFileSync(join(files, 'broken.nom'), 'entity {\n');
});

afterAll(() => rmSync(files, { recursive: true, force: true }));

test('check --against warns and ends with status 0', async () => {
  const ran = await nomnom(['check', '--against', old, now], { cwd: folder });
  expect(ran).toMatchObject({ status: 0, err: '' });
  expect(ran.out).toContain('warning[NOM602]');
  expect(ran.out).toContain(`${now}: accepted`);
  const same = await nomnom(['check', '--against', old, old], { cwd: folder });
  expect(same.out).toBe(`${old}: accepted, 1 entity, 1 table, 2 roles\n`);
});

test.each([
  ['json', '"code": "NOM602"'],
  ['sarif', '"ruleId": "NOM602"'],
  ['github', '::warning file=NOM602.nom'],
])('--format %s has the warnings', async (format, text) => {
  const ran = await nomnom(['check', '--format', format, '--against', old, now], { cwd: folder });
  expect(ran.status).toBe(0);
  expect(ran.out).toContain(text);
});

test('what is gone is shown in the old file', async () => {
  const ran = await nomnom(['check', '--against', 'NOM601-old.nom', 'NOM601.nom'], { cwd: folder });
  expect(ran.out).toContain('--> NOM601-old.nom:8:8');
});

test('a file that does not pass the check is not compared, on either side', async () => {
  const broken = join(files, 'broken.nom');
  const fromBroken = await nomnom(['check', '--against', broken, now], { cwd: folder });
  expect(fromBroken).toMatchObject({ status: 1 });
  expect(fromBroken.err).toContain('does not pass the check, so it cannot be compared');
  const toBroken = await nomnom(['check', '--against', old, broken], { cwd: folder });
  expect(toBroken.status).toBe(1);
  expect(toBroken.out).not.toContain('NOM6');
});

test('it compares one file, and a missing one is wrong use', async () => {
  expect(await nomnom(['check', '--against', old, now, old], { cwd: folder })).toMatchObject({ status: 2 });
  expect(await nomnom(['check', '--against', 'missing.nom', now], { cwd: folder })).toMatchObject({
    status: 2,
  });
});
