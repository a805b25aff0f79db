import { readFileSync } from 'node:fs';
import { defineConfig, type DefaultTheme } from 'vitepress';
import { anchorOf } from '../anchor.ts';
import { contents, docs } from '../contents.ts';
import { outsideLinks, REPOSITORY } from '../outside-links.ts';
import { writePlainPages } from '../plain-pages.ts';

const grammar = JSON.parse(
  readFileSync(new URL('../../editors/vscode/syntaxes/nomnom.tmLanguage.json', import.meta.url), 'utf8'),
);

/** The page of the grammar has EBNF, for which the generator has no colours. */
const ebnf = {
  name: 'ebnf',
  scopeName: 'source.ebnf',
  repository: {},
  patterns: [{ match: '"[^"]*"', name: 'string.quoted.double.ebnf' }],
};

const sidebar: DefaultTheme.SidebarItem[] = contents.map(({ title, pages, folded }) => ({
  text: title,
  collapsed: folded ?? false,
  items: pages.map((page) => ({ text: page.title, link: `/${page.path}` })),
}));

/** A square with the letter n, in the page itself. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0f766e"/><path d="M10 23V10m0 5c0-4 12-7 12 1v7" fill="none" stroke="#fff" stroke-width="4"/></svg>';

/** `npm run build:site` builds it into `dist/site`; `npx vitepress build site --base /nomnom/` below a path. */
export default defineConfig({
  title: 'nomnom',
  description: 'A declarative ingestion runtime for Postgres: one checked file from HTTP to rows',
  lang: 'en',
  srcDir: docs,
  outDir: '../dist/site',
  cacheDir: '../dist/.site-cache',
  head: [
    ['meta', { name: 'theme-color', content: '#0f766e' }],
    ['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }],
  ],
  markdown: {
    // Text like `T<U>` is text.
    html: false,
    languages: [{ ...grammar, name: 'nom' }, ebnf],
    anchor: { slugify: anchorOf },
    config: outsideLinks,
  },
  themeConfig: {
    nav: [
      { text: 'Tutorial', link: '/tutorial' },
      { text: 'Language', link: '/language' },
      { text: 'Commands', link: '/reference/commands' },
      { text: 'Findings', link: '/reference/checks' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    notFound: {
      title: 'There is no such page',
      quote: 'The search and the first page lead to all pages.',
      linkText: 'To the first page',
    },
    docFooter: { prev: 'Before this', next: 'Next' },
  },
  transformHead: ({ pageData, siteData }) =>
    pageData.isNotFound === true
      ? []
      : [['link', { rel: 'alternate', type: 'text/markdown', href: siteData.base + pageData.relativePath }]],
  buildEnd: ({ outDir, site }) => writePlainPages(outDir, site.base),
});
