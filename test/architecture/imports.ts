import { posix } from 'node:path';
import { SyntaxKind } from 'typescript/unstable/ast';
import type { SourceTree, TreeFile } from './source-tree.ts';
import { isCode } from './source-tree.ts';
import { type Token, tokensOf } from './tokens.ts';

/** One `import`, `export … from`, `import()` or `import('…').T`. */
export interface Import {
  readonly specifier: string;
  /** Nothing of it is left at run time. */
  readonly typeOnly: boolean;
  /** The imported names, where they are listed. */
  readonly names: readonly string[];
  readonly reexport: boolean;
  readonly lazy: boolean;
}

/** A file with what it imports. */
export interface Module extends TreeFile {
  readonly tokens: readonly Token[];
  readonly imports: readonly Import[];
}

export function modulesOf(tree: SourceTree): readonly Module[] {
  return tree.filter(isCode).map((file) => {
    const tokens = tokensOf(file.text);
    return { ...file, tokens, imports: importsIn(tokens) };
  });
}

/** The file of the project that a relative specifier names. */
export function targetOf(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
}

/** `@nats-io/jetstream` of `@nats-io/jetstream/internal`. */
export function packageOf(specifier: string): string | undefined {
  if (/^[./#]/.test(specifier) || specifier.startsWith('node:')) return undefined;
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

function importsIn(tokens: readonly Token[]): readonly Import[] {
  return tokens.flatMap((token, at) => {
    const before = tokens[at - 1]?.kind;
    if (before === SyntaxKind.DotToken || before === SyntaxKind.QuestionDotToken) return [];
    if (token.kind === SyntaxKind.ImportKeyword) return importAt(tokens, at);
    if (token.kind === SyntaxKind.ExportKeyword) return reexportAt(tokens, at);
    return [];
  });
}

function importAt(tokens: readonly Token[], at: number): readonly Import[] {
  const next = tokens[at + 1];
  if (next?.kind === SyntaxKind.DotToken) return [];
  if (next?.kind === SyntaxKind.OpenParenToken) {
    const specifier = tokens[at + 2];
    if (specifier?.kind !== SyntaxKind.StringLiteral) return [];
    // `import('x').Name` without `await` or a call before it is a type.
    const typeOnly =
      tokens[at + 4]?.kind === SyntaxKind.DotToken && tokens[at + 5]?.text !== 'then' && !awaited(tokens, at);
    return [{ specifier: specifier.text, typeOnly, names: [], reexport: false, lazy: !typeOnly }];
  }
  if (next?.kind === SyntaxKind.StringLiteral) {
    return [{ specifier: next.text, typeOnly: false, names: [], reexport: false, lazy: false }];
  }
  return clauseAt(tokens, at + 1, false);
}

function awaited(tokens: readonly Token[], at: number): boolean {
  return [tokens[at - 1], tokens[at - 2]].some((token) => token?.kind === SyntaxKind.AwaitKeyword);
}

function reexportAt(tokens: readonly Token[], at: number): readonly Import[] {
  const first = tokens[at + 1]?.text === 'type' ? tokens[at + 2] : tokens[at + 1];
  const listed = first?.kind === SyntaxKind.OpenBraceToken || first?.kind === SyntaxKind.AsteriskToken;
  return listed ? clauseAt(tokens, at + 1, true) : [];
}

/** From behind the keyword to the specifier: `type { a, type b as c } from 'x'`, `* as all from 'x'`. */
function clauseAt(tokens: readonly Token[], start: number, reexport: boolean): readonly Import[] {
  const from = tokens.findIndex(
    (token, at) => at >= start && token.text === 'from' && tokens[at + 1]?.kind === SyntaxKind.StringLiteral,
  );
  const specifier = tokens[from + 1];
  const clause = tokens.slice(start, from);
  // `export { a };` names things of its own: another statement begins before any `from`.
  if (from < 0 || specifier === undefined || clause.some((token) => token.text === ';')) return [];
  const wholeType = clause[0]?.text === 'type' && clause.length > 1 && clause[1]?.text !== ',';
  const open = clause.findIndex((token) => token.kind === SyntaxKind.OpenBraceToken);
  const listed = open < 0 ? [] : namesIn(clause.slice(open + 1, -1));
  return [
    {
      specifier: specifier.text,
      // `import { type A }` keeps the import itself: the module is still loaded.
      typeOnly: wholeType,
      names: listed,
      reexport,
      lazy: false,
    },
  ];
}

function namesIn(tokens: readonly Token[]): readonly string[] {
  const entries: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === SyntaxKind.CommaToken) entries.push([]);
    else entries.at(-1)?.push(token);
  }
  return entries
    .filter((entry) => entry.length > 0)
    .map((entry) => {
      const type = entry.length > 1 && entry[0]?.text === 'type' && entry[1]?.text !== 'as';
      return entry[type ? 1 : 0]?.text ?? '';
    });
}

/** Everything that is loaded at once with a file: its imports and theirs, neither types nor lazy ones. */
export function importedModules(modules: readonly Module[], start: string): readonly string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const seen = new Set<string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const each of byPath.get(path)?.imports ?? []) {
      const target = each.typeOnly || each.lazy ? undefined : targetOf(path, each.specifier);
      if (target !== undefined) open.push(target);
    }
  }
  return [...seen];
}
