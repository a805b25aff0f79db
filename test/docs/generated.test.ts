import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles } from '../../docs/pages/generated.ts';
import { codes } from '../../src/checks/codes.ts';
import { commands } from '../../src/cli/commands/registry.ts';
import { functions } from '../../src/functions/registry.ts';
import { settingTables } from '../../src/model/settings.ts';
import { columnTypes } from '../../src/types/registry.ts';

const root = join(import.meta.dirname, '../..');
const files = await generatedFiles();
const page = (name: string): string => files.get(`docs/reference/${name}.md`) ?? '';

test.each([...files.keys()])('%s is what the grammar and the registries say today', (path) => {
  const full = join(root, path);
  expect(existsSync(full), `${path} is missing: run npm run generate`).toBe(true);
  expect(readFileSync(full, 'utf8') === files.get(path), `${path} is stale: run npm run generate`).toBe(true);
});

test('no diagram of a rule that is gone stays behind', () => {
  const folder = 'docs/reference/grammar';
  const orphans = readdirSync(join(root, folder)).filter((name) => !files.has(`${folder}/${name}`));
  expect(orphans).toEqual([]);
});

test.each([
  ['types', [...columnTypes.keys()], '## '],
  ['functions', [...functions.keys()], '### '],
  ['checks', [...codes.keys()], '### '],
  ['commands', commands.map(({ name }) => name), '## nomnom '],
])('every one of the %s has a section', (name, members, heading) => {
  const lines = page(name).split('\n');
  expect(members.filter((member) => !lines.includes(`${heading}${member}`))).toEqual([]);
});

test('every setting has a row with its default', () => {
  const lines = page('settings').split('\n');
  const missing = Object.values(settingTables)
    .flatMap((table) => Object.keys(table))
    .filter((name) => !lines.some((line) => line.startsWith(`| \`${name}\``)));
  expect(missing).toEqual([]);
});

test('links between sections of a page lead somewhere', () => {
  for (const [path, text] of files) {
    const anchors = new Set(
      [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll('\\', '')
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    const broken = [...text.matchAll(/\]\(#([^)]*)\)/g)]
      .map(([, to = '']) => to)
      .filter((to) => !anchors.has(to));
    expect({ path, broken }).toEqual({ path, broken: [] });
  }
});
