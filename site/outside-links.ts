import { posix } from 'node:path';

/** Where files of the project are read that the site does not have. */
export const REPOSITORY = 'https://github.com/nomnom-run/nomnom';

/** The address of a link of `docs/PAGE` that leads out of `docs`; undefined for any other link. */
export function outsideLink(page: string, link: string): string | undefined {
  if (/^([a-z]+:|#|\/)/i.test(link)) return undefined;
  const target = posix.normalize(posix.join('docs', posix.dirname(page), link));
  if (target.startsWith('docs/') && !target.endsWith('/')) return undefined;
  return `${REPOSITORY}/${target.endsWith('/') ? 'tree' : 'blob'}/main/${target}`;
}

interface Token {
  readonly type: string;
  readonly children: readonly Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

/** What this needs of markdown-it, which comes with the generator of the site. */
interface Markdown {
  readonly core: {
    readonly ruler: {
      push(
        name: string,
        rule: (state: { tokens: readonly Token[]; env: { relativePath?: string } }) => void,
      ): void;
    };
  };
}

/** Sends links that leave `docs` to the repository. */
export function outsideLinks(markdown: Markdown): void {
  markdown.core.ruler.push('outside-links', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      const address = href === null ? undefined : outsideLink(env.relativePath ?? '', href);
      if (address !== undefined) token.attrSet('href', address);
    }
  });
}
