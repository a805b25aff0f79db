import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** The one Node that nomnom is built and tested with; its sources run on no other. */
const NODE = '24';
/** The oldest that runs what is built; `test/packaging/npm-package.test.ts` runs it there. */
const OLDEST = '22.15';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

interface Manifest {
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
}

test('package.json names the oldest Node to run on, and one to install and to check types with', () => {
  const { engines, devDependencies } = JSON.parse(read('package.json')) as Manifest;
  expect(engines.node).toBe(`>=${OLDEST}`);
  expect(devDependencies['node']).toMatch(new RegExp(`^\\^${NODE}\\.`));
  expect(devDependencies['@types/node']).toMatch(new RegExp(`^\\^${NODE}\\.`));
});

test.each(['CONTRIBUTING.md', '.ci/run'])('%s names the same Node', (path) => {
  const named = [...read(path).matchAll(/\bNode (\d+)/g)].map(([, major]) => major);
  expect([...new Set(named)]).toEqual([NODE]);
});

test.each(['README.md', 'bin/nomnom'])('%s names both', (path) => {
  const named = [...read(path).matchAll(/\bNode (\d+)/g)].map(([, major]) => major);
  expect(new Set(named)).toEqual(new Set([OLDEST.split('.')[0], NODE]));
});

test('the launcher asks for the same', () => {
  const [major, minor] = OLDEST.split('.');
  expect(read('bin/nomnom')).toContain(
    `runsSource ? major >= ${NODE} : major > ${major} || (major === ${major} && minor >= ${minor});`,
  );
});
