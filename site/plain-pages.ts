import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { contents, docs, type Page } from './contents.ts';
import { outsideLink } from './outside-links.ts';

/** The page as people wrote it, with links that work where it is served: without front matter, outside links in full. */
function plainPage(path: string): string {
  const text = readFileSync(join(docs, path), 'utf8').replace(/^---\n[\s\S]*?\n---\n+/, '');
  let fenced = false;
  return text
    .split('\n')
    .map((line) => {
      if (/^\s*```/.test(line)) fenced = !fenced;
      return fenced
        ? line
        : line.replaceAll(/\]\(([^)\s]+)\)/g, (all, link: string) => {
            const address = outsideLink(path, link);
            return address === undefined ? all : `](${address})`;
          });
    })
    .join('\n');
}

/** What a page is about: its first paragraph, on one line. */
function about(text: string): string {
  const paragraph = /^# .*\n+((?:[^\n#|`].*\n)+)/m.exec(text)?.[1] ?? '';
  const plain = paragraph.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/\s+/g, ' ');
  return /^.*?[.:](?= |$)/.exec(plain.trim())?.[0].replace(/:$/, '.') ?? '';
}

/** Writes every page as Markdown beside its HTML, and the two files by which programs find and read all of them. */
export function writePlainPages(folder: string, base: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('index.md', `# nomnom\n\n${plainPage('index.md')}`);
  const pages = contents.flatMap(({ pages }) => pages);
  const texts = new Map(pages.map(({ path }) => [path, plainPage(`${path}.md`)]));
  for (const [path, text] of texts) write(`${path}.md`, text);

  const entry = ({ path, title }: Page): string => {
    const said = about(texts.get(path) ?? '');
    return `- [${title}](${posix.join(base, `${path}.md`)})${said === '' ? '' : `: ${said}`}`;
  };
  const head =
    '# nomnom\n\n> A declarative ingestion runtime for Postgres: one checked file from HTTP to rows.\n';
  const lists = contents.map(({ title, pages }) => `## ${title}\n\n${pages.map(entry).join('\n')}\n`);
  write('llms.txt', [head, ...lists].join('\n'));
  write(
    'llms-full.txt',
    [head, ...[...texts].map(([path, text]) => `<!-- ${path}.md -->\n\n${text}`)].join('\n'),
  );
}
