import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block of code of a page, as its fence describes it. */
export interface Block {
  readonly page: string;
  /** Of its first line of code. */
  readonly line: number;
  readonly language: string;
  /** The words behind the language: in `nom rejected NOM201`, `rejected` and `NOM201`. */
  readonly words: readonly string[];
  /** What is written as `name=value` or `name="a value"` behind the language. */
  readonly settings: Readonly<Record<string, string>>;
  readonly text: string;
}

const root = join(import.meta.dirname, '../..');

/** The pages of the site that people write, and those that are generated. */
export const pages: readonly string[] = globSync('docs/**/*.md', { cwd: root }).sort();

export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8');

export function blocksOf(page: string, text: string = readPage(page)): readonly Block[] {
  return [...text.matchAll(/^([ ]*)(`{3,})([^\n`]*)\n([\s\S]*?)^\1\2$/gm)].map((match) => {
    const [, indent = '', , info = '', code = ''] = match;
    const [language = '', ...rest] = [...info.matchAll(/[^\s="]+="[^"]*"|\S+/g)].map(([word]) => word);
    const pairs = rest.flatMap((word) => {
      const [, name, quoted, bare] = /^([\w-]+)=(?:"([^"]*)"|(.*))$/.exec(word) ?? [];
      return name === undefined ? [] : [[name, quoted ?? bare ?? ''] as const];
    });
    return {
      page,
      line: text.slice(0, match.index).split('\n').length + 1,
      language,
      words: rest.filter((word) => !word.includes('=')),
      settings: Object.fromEntries(pairs),
      text: indent === '' ? code : code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    };
  });
}
