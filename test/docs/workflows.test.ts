import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { POSTGRES_VERSIONS } from '../support/postgres-version.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.github/workflows');
const names = readdirSync(folder);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Why a step is not a script of this repository; undefined where it is one. */
function faultOf(line: string): string | undefined {
  const [program = '', ...args] = line.split(' ');
  if (program === 'npm' && args[0] === 'ci') return undefined;
  if (program === 'npm' && args[0] === 'run')
    return args[1] !== undefined && args[1] in scripts ? undefined : `package.json has no script ${args[1]}`;
  if (program === 'node') return existsSync(join(root, args[0] ?? '')) ? undefined : `${args[0]} is missing`;
  if (!program.startsWith('.ci/')) return 'not a script of this repository';
  accessSync(join(root, program), constants.X_OK);
  const script = args[0] === '--only' ? args[1] : undefined;
  return script === undefined || script in scripts ? undefined : `package.json has no script ${script}`;
}

test.each(names)('%s: each step is one script that exists here, or an action at a commit', (name) => {
  const text = read(name);
  const steps = [...text.matchAll(/^ *(?:- )?run: *(.*)$/gm)].map(([, line = '']) => line);
  expect(steps.length).toBeGreaterThan(0);
  expect(steps.flatMap((line) => faultOf(line) ?? [])).toEqual([]);
  const actions = [...text.matchAll(/^ *(?:- )?uses: *(.*)$/gm)].map(([, action = '']) => action);
  expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual(
    [],
  );
});

test('both workflows build the executable on the same machines', () => {
  const machines = names.map((name) => /^ +machine: (.*)$/m.exec(read(name))?.[1]);
  expect(machines).toHaveLength(2);
  expect(machines[0]).toContain('macos');
  expect(machines[1]).toBe(machines[0]);
});

test('the tests run on every version of Postgres that is supported', () => {
  const listed = /^ +postgres: \[(.*)\]$/m.exec(read('ci.yaml'))?.[1];
  expect(listed).toBe(
    Object.keys(POSTGRES_VERSIONS)
      .map((version) => `'${version}'`)
      .join(', '),
  );
});
