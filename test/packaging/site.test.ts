import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contents } from '../../site/contents.ts';
import { root } from '../support/nomnom.ts';

/** A path below which the site is served: a link that forgets it leads nowhere. */
const BASE = '/below/a/path/';
const site = mkdtempSync(join(tmpdir(), 'nomnom-site-'));
let pages: readonly string[] = [];
const read = (path: string): string => readFileSync(join(site, path), 'utf8');

beforeAll(async () => {
  const more = ['--', '--base', BASE, '--outDir', site];
  await promisify(execFile)('npm', ['run', '-s', 'build:site', ...more], { cwd: root });
  pages = globSync('**/*.html', { cwd: site });
});
afterAll(() => rm(site, { recursive: true, force: true }));

test('every page is there as HTML and as Markdown, and the files that name all of them', () => {
  const paths = ['index', ...contents.flatMap((section) => section.pages.map(({ path }) => path))];
  const missing = paths
    .flatMap((path) => [`${path}.html`, `${path}.md`])
    .filter((path) => !existsSync(join(site, path)));
  expect(missing).toEqual([]);
  expect(pages).toHaveLength(paths.length + 1);
  expect(read('404.html')).toContain('404');
  const list = read('llms.txt');
  expect(paths.slice(1).filter((path) => !list.includes(`](${BASE}${path}.md)`))).toEqual([]);
  for (const { title } of contents) expect(list).toContain(`## ${title}\n`);
  expect(read('llms-full.txt')).toContain(read('tutorial.md'));
});

test('no page, script or style loads anything of another host', () => {
  const loads =
    /<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\b(?:src|srcset)="(?:https?:)?\/\/|<link\b(?=[^>]*rel="(?!canonical))[^>]*href="(?:https?:)?\/\//;
  const styles = /url\(["']?(?:https?:)?\/\/|@import\s+["'](?:https?:)?\/\//;
  const scripts = /\b(?:import|fetch|importScripts)\(\s*["'`](?:https?:)?\/\//;
  const found = globSync('**/*.{html,js,css}', { cwd: site }).filter((path) => {
    const text = read(path);
    return (
      (path.endsWith('.html') && loads.test(text)) || (path.endsWith('.css') ? styles : scripts).test(text)
    );
  });
  expect(found).toEqual([]);
});

/** The file of an address of the site; undefined for an address elsewhere. */
function fileOf(page: string, address: string): string | undefined {
  const at = new URL(address, `http://site${BASE}${page}`);
  if (at.host !== 'site') return undefined;
  if (!at.pathname.startsWith(BASE)) return `outside of the base: ${at.pathname}`;
  const path = decodeURIComponent(at.pathname.slice(BASE.length));
  return path === '' || path.endsWith('/') ? `${path}index.html` : path;
}

test('every link, picture and anchor leads to something that is there', () => {
  const anchors = new Map(
    pages.map((page) => [page, new Set([...read(page).matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id))]),
  );
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\b(?:href|src)="([^"]+)"/g)].flatMap(([, address = '']) => {
      const file = fileOf(page, address.replaceAll('&amp;', '&'));
      if (file === undefined) return [];
      const anchor = decodeURIComponent(/#(.*)$/.exec(address)?.[1] ?? '');
      const there = existsSync(join(site, file)) && statSync(join(site, file)).isFile();
      const known = anchor === '' || !file.endsWith('.html') || anchors.get(file)?.has(anchor) === true;
      return there && known ? [] : [`${page}: ${address}`];
    }),
  );
  expect(broken).toEqual([]);
});

test('the search has an index of its own, and programs are in colours of our grammar', () => {
  const index = globSync('assets/chunks/*localSearchIndex*', { cwd: site });
  expect(index).toHaveLength(1);
  expect(read(index[0] ?? '')).toContain('Repair dead letters');
  const block = /<div class="language-nom[^]*?<\/div>/.exec(read('tutorial.html'))?.[0] ?? '';
  const colours = new Set([...block.matchAll(/--shiki-light:(#\w+)/g)].map(([, colour]) => colour));
  expect(colours.size).toBeGreaterThan(3);
  expect(block).toContain('--shiki-dark');
});

test('the package of npm has no page of the site', () => {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
  expect(
    files.filter((path) => path === 'dist' || path.startsWith('dist/site') || dirname(path) === 'docs'),
  ).toEqual([]);
});
