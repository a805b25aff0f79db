import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A page by its path below `docs`, without `.md`. */
export interface Page {
  readonly path: string;
  readonly title: string;
}

/** A group of pages, in the order in which they are read. */
export interface Section {
  readonly title: string;
  readonly pages: readonly Page[];
  /** A part of the section above, closed until somebody opens it. */
  readonly folded?: true;
}

export const docs = fileURLToPath(new URL('../docs', import.meta.url));

const page = (path: string, title: string): Page => ({ path, title });

export function titleOf(text: string): string {
  return (/^# (.*)$/m.exec(text)?.[1] ?? '').replaceAll('`', '');
}

function decisions(): readonly Page[] {
  return readdirSync(join(docs, 'decisions'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => {
      const text = readFileSync(join(docs, 'decisions', name), 'utf8');
      return page(`decisions/${name.replace(/\.md$/, '')}`, titleOf(text));
    });
}

const placed: readonly Section[] = [
  { title: 'Tutorial', pages: [page('tutorial', 'Rows in ten minutes')] },
  {
    title: 'How to',
    pages: [
      page('webhooks', 'Receive webhooks'),
      page('csv', 'Load CSV'),
      page('deploy', 'Deploy'),
      page('kubernetes', 'Run on Kubernetes'),
      page('upgrade', 'Upgrade'),
      page('monitoring', 'Monitor'),
      page('repair', 'Repair dead letters'),
      page('scale', 'Scale'),
      page('scaling', 'How far it goes'),
      page('security', 'Secure'),
      page('privileges', 'Give each role its rights'),
      page('tls', 'Encrypt connections'),
      page('tools', 'Check, format and test files'),
    ],
  },
  {
    title: 'Reference',
    pages: [
      page('language', 'The language'),
      page('reference/types', 'Types'),
      page('reference/functions', 'Functions'),
      page('reference/attributes', 'Attributes'),
      page('reference/settings', 'Settings'),
      page('reference/checks', 'Findings'),
      page('reference/grammar', 'Grammar'),
      page('reference/commands', 'Commands'),
      page('http', 'HTTP and OpenAPI'),
      page('reference/problems', 'Error answers'),
      page('reference/failures', 'Failures'),
      page('reference/metrics', 'Metrics'),
      page('versions', 'Versions and what stays compatible'),
      page('glossary', 'Glossary'),
    ],
  },
  {
    title: 'Explanation',
    pages: [
      page('how-it-works', 'How it works'),
      page('guarantees', 'Guarantees and their limits'),
      page('reliability', 'How the guarantees are tested'),
      page('performance', 'Measurements'),
    ],
  },
];

/** Pages that nobody has placed: they are found all the same. */
function others(): readonly Section[] {
  const known = new Set(['index', ...placed.flatMap(({ pages }) => pages.map(({ path }) => path))]);
  const pages = readdirSync(docs)
    .filter((name) => name.endsWith('.md') && !known.has(name.replace(/\.md$/, '')))
    .sort()
    .map((name) => page(name.replace(/\.md$/, ''), titleOf(readFileSync(join(docs, name), 'utf8'))));
  return pages.length === 0 ? [] : [{ title: 'More', pages }];
}

/** Every page, by kind: to learn, to get something done, to look something up, to understand. */
export const contents: readonly Section[] = [
  ...placed,
  ...others(),
  { title: 'Decisions', folded: true, pages: decisions() },
];
