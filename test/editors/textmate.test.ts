import type { CstNode, IToken } from 'chevrotain';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { read } from '../../grammar/parser.ts';
import { TextLiteral, contextualWords, reservedWords, tokenize, word } from '../../grammar/tokens.ts';
import { type Scoped, scopesAt, scopesOf } from './scopes.ts';

const root = join(import.meta.dirname, '../..');
const paths = globSync(['pipelines/**/*.nom', 'test/examples/*.nom'], { cwd: root }).sort();

/** Uses every contextual word as a keyword. */
const everyWord = `
pipeline all { }
import "other.nom"
enum Kind { A = "a" }
shape Part { part: int }
fn twice(n: int) -> int = n + n
lookup Countries "countries.csv" { code: text key (code) }
stream ALL { subject ingest = "all.ingest.{entity}" max_age: 7d }
role worker { publish ALL.ingest consume ALL.ingest only Order dead_letter ALL.dead port: 1 }
secret SHOP
entity Order { id: int signed by hmac(SHOP, "x-sign", sha256, hex) on_refused: dead_letter store a.orders existing { key (id) upsert on (id) replace delete when id == 1 unique (id) nulls equal } }
entity Kept { ...Part on_refused: answer check part > 1 "why" ordered by (part) store k { key (part) upsert on (part) keep prune by (part) index (part) } }
derive Line from Order as o, each o.lines as l, optional Kept as k where l.n == match o.id { 1 -> 2 else -> 3 } {
  n = if l.n == 1 then l.n else 2
  store lines { key (n) upsert on (n) newest by n ref (n) -> Order (id) soft }
}
derive Sum from Order { n = 1 store s { key (n) upsert on (n) add (n) duplicates first } }
derive Most from Order { n = 1 store m { key (n) delete when n > 1 duplicates last upsert on (n) merge } }
test "all" { given Order { "id": 1 } expect count(orders) == 1 expect rejected check_failed }
`;

/** Uses every contextual word as the name of a field, and reads each of them. */
const everyName = `entity Named {
${contextualWords.map((name) => `  ${name}: int`).join('\n')}
}
derive Read from Named as n {
${contextualWords.map((name) => `  ${name} = n.${name}`).join('\n')}
  store reads { key (${contextualWords.join(', ')}) }
}`;

interface Word {
  readonly token: IToken;
  readonly keyword: boolean;
}

/** The parser's labels of tokens that are keywords; a keyword without a label has its own name. */
const keywordLabels = new Set(['first', 'mode', 'action', 'existing', 'soft', 'rejected']);

/** Every contextual word of the text, as the parser took it. */
function wordsOf(text: string): readonly Word[] {
  const { cst, stuckAt } = read('file', tokenize(text).tokens);
  expect(stuckAt).toBeUndefined();
  const words = new Set(Object.values(word));
  const collect = (node: CstNode): readonly Word[] =>
    Object.entries(node.children).flatMap(([label, children]) =>
      children.flatMap((child) => {
        if ('children' in child) return collect(child);
        if (!words.has(child.tokenType)) return [];
        const last = label === 'last' && child.tokenType === word.equal;
        return [
          { token: child, keyword: keywordLabels.has(label) || label === child.tokenType.name || last },
        ];
      }),
    );
  return collect(cst);
}

function looksLikeKeyword(scopes: readonly string[]): boolean {
  return /^(keyword|storage)\./.test(scopes.at(-1) ?? '');
}

function wronglyColoured(text: string, scoped: readonly Scoped[]): readonly string[] {
  return wordsOf(text)
    .filter(({ token, keyword }) => looksLikeKeyword(scopesAt(scoped, token.startOffset)) !== keyword)
    .map(({ token, keyword }) => `${token.image} at ${token.startOffset} is ${keyword ? 'a' : 'no'} keyword`);
}

describe.each([
  ...paths.map((path) => [path, readFileSync(join(root, path), 'utf8')] as const),
  ['a program with every word', everyWord] as const,
  ['a program with every word as a name', everyName] as const,
])('%s', (_path, text) => {
  test('has a keyword wherever the parser reads one, and nowhere else', async () => {
    expect(wronglyColoured(text, await scopesOf(text))).toEqual([]);
  });

  test('has its texts and comments coloured to their ends', async () => {
    const scoped = await scopesOf(text);
    const { tokens, docs, comments } = tokenize(text);
    const texts = tokens.filter(({ tokenType }) => tokenType === TextLiteral);
    const scopeAt = (offset: number): string => scopesAt(scoped, offset).join(' ');
    const ends = ({ startOffset, image }: IToken): readonly number[] => [
      startOffset,
      startOffset + image.trimEnd().length - 1,
    ];
    for (const at of texts.flatMap(ends)) expect(scopeAt(at)).toMatch(/string|property-name/);
    for (const at of [...docs, ...comments].flatMap(ends)) expect(scopeAt(at)).toContain('comment');
  });
});

test('the program with every word has every word as a keyword', () => {
  const used = wordsOf(everyWord).flatMap(({ token, keyword }) => (keyword ? [token.image] : []));
  expect(contextualWords.filter((each) => !used.includes(each))).toEqual([]);
});

test('reserved words are coloured apart from names', async () => {
  const text =
    'fn f(a: bool) -> bool = if not a and true or false then match a { null -> a else -> a } else a';
  const scoped = await scopesOf(text);
  const plain = reservedWords.filter((each) =>
    /variable/.test(scopesAt(scoped, text.search(new RegExp(`\\b${each}\\b`))).at(-1) ?? ''),
  );
  expect(plain).toEqual([]);
});
