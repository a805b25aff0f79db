import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

interface Stage {
  readonly from: string;
  readonly name: string;
  readonly instructions: readonly string[];
}

/** The stages of the Dockerfile; lines that go on are one. */
function stages(): readonly Stage[] {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8').replaceAll(/\\\n/g, ' ');
  return text
    .split(/^FROM /m)
    .slice(1)
    .map((stage) => {
      const [head = '', ...lines] = stage.split('\n');
      const [, from = '', name = 'the image'] = /^(.*?)(?: AS (\w+))?$/.exec(head) ?? [];
      return { from, name, instructions: lines.map((line) => line.split(' ')[0] ?? '') };
    });
}

test('an image for another processor is built without emulating it: what runs, runs on the builder', () => {
  const all = stages();
  const isOfBuilder = ({ from }: Stage): boolean =>
    from.startsWith('--platform=$BUILDPLATFORM ') ||
    all.some((stage) => stage.name === from && isOfBuilder(stage));
  const emulated = all.filter((stage) => stage.instructions.includes('RUN') && !isOfBuilder(stage));
  expect(emulated.map(({ name }) => name)).toEqual([]);
  expect(all.map(isOfBuilder)).toEqual([true, true, true, false]);
});

test('no package that runs is made for one platform, so the builder can install them for all', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  const installed = Object.entries(packages).filter(([, { dev }]) => dev !== true);
  expect(installed.length).toBeGreaterThan(50);
  const native = installed.filter(
    ([, of]) => 'cpu' in of || 'os' in of || 'libc' in of || 'hasInstallScript' in of,
  );
  expect(native.map(([path]) => path)).toEqual([]);
});
