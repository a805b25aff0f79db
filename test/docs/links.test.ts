import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { anchorOf } from '../../site/anchor.ts';
import { readTree } from '../architecture/source-tree.ts';

const root = join(import.meta.dirname, '../..');
const pages = readTree(root).filter(({ path }) => path.endsWith('.md') && !path.startsWith('test/golden/'));

/** Links in code are examples. */
const withoutCode = (text: string): string =>
  text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').replaceAll(/(`+)[^`][\s\S]*?\1/g, '');

/** The anchors of all headings, with a number for a repetition. */
function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const titles = [...text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#+ (.*)$/gm)];
  return new Set(
    titles.map(([, title = '']) => {
      const anchor = anchorOf(title);
      const times = seen.get(anchor) ?? 0;
      seen.set(anchor, times + 1);
      return times === 0 ? anchor : `${anchor}-${times}`;
    }),
  );
}

function brokenLinks(path: string, text: string): readonly string[] {
  const targets = [...withoutCode(text).matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map(
    ([, to = '']) => to,
  );
  return targets.filter((to) => {
    if (/^[a-z]+:/i.test(to)) return false;
    const [file = '', anchor] = to.split('#');
    const target = file === '' ? path : normalize(join(dirname(path), file));
    if (target.startsWith('..') || !existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(join(root, target), 'utf8')).has(anchor);
  });
}

test.each(pages.map(({ path, text }) => [path, text] as const))(
  'links of %s lead to files and headings that exist',
  (path, text) => {
    expect(brokenLinks(path, text)).toEqual([]);
  },
);

test('a decision that is named is linked, so that the link is held', () => {
  const bare = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\[?\bdecisions?\s+\d+/gi)]
      .filter(([found]) => !found.startsWith('['))
      .map(([found]) => `${path}: ${found}`),
  );
  expect(bare).toEqual([]);
});

test('a link that leads nowhere is found', () => {
  const text = '[a](language.md) [b](nowhere.md) [c](language.md#nowhere) `[d](nowhere.md)`\n';
  expect(brokenLinks('docs/planted.md', text)).toEqual(['nowhere.md', 'language.md#nowhere']);
});
