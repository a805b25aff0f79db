import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** The one Node that runs nomnom. */
const NODE = '24';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

interface Manifest {
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
}

test('package.json names one Node: to run on, to install, and to check types with', () => {
  const { engines, devDependencies } = JSON.parse(read('package.json')) as Manifest;
  expect(engines.node).toBe(`>=${NODE}`);
  expect(devDependencies['node']).toMatch(new RegExp(`^\\^${NODE}\\.`));
  expect(devDependencies['@types/node']).toMatch(new RegExp(`^\\^${NODE}\\.`));
});

test.each(['README.md', 'CONTRIBUTING.md', 'bin/nomnom', '.ci/run'])('%s names the same Node', (path) => {
  const named = [...read(path).matchAll(/\bNode (\d+)/g)].map(([, major]) => major);
  expect([...new Set(named)]).toEqual([NODE]);
});

test('the launcher asks for the same Node', () => {
  expect(read('bin/nomnom')).toContain(`>= ${NODE};`);
});
