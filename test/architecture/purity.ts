import { SyntaxKind } from 'typescript/unstable/ast';
import { pureParts } from './directions.ts';
import type { Module } from './imports.ts';
import { partOf } from './source-tree.ts';
import type { Token } from './tokens.ts';

/** Built-ins that only compute, with the names that do: the same input gives the same output. */
const pureBuiltins: Readonly<Record<string, readonly string[]>> = {
  // Digests for `sha256`, `uuid5` and stable statement names; signatures of requests, and keys made of bytes.
  'node:crypto': ['createHash', 'hash', 'createHmac', 'timingSafeEqual', 'createPublicKey', 'verify'],
  // Bytes, base64 and strict UTF-8.
  'node:buffer': ['Buffer', 'isUtf8', 'isAscii'],
};

/** Globals that reach outside: the process, the network, time, chance, the console. */
const impureGlobals = new Set([
  'process',
  'globalThis',
  'console',
  'fetch',
  'performance',
  'crypto',
  'require',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
]);

const impureMembers: Readonly<Record<string, readonly string[]>> = {
  Date: ['now'],
  Math: ['random'],
};

/** Methods whose result depends on the machine's time zone or language. */
const localMethods =
  /^(localeCompare|toLocale\w*|getTimezoneOffset|get(FullYear|Month|Date|Day|Hours|Minutes|Seconds))$/;

/** Chooses, once and at start, which file of its package to load: the cheaper one. Nothing else may wait. */
const loaders = ['grammar/chevrotain.ts'];

/** Speaks to an editor over the process's streams, and reads its addresses; everything behind it computes. */
const transports = ['src/editor/server.ts', 'src/editor/transport.ts', 'src/editor/file-name.ts'];

const exceptions = [...loaders, ...transports];

/** The language is pure and synchronous: no I/O, clock, randomness, process or globals. */
export function impurities(modules: readonly Module[]): readonly string[] {
  return modules
    .filter((module) => pureParts.includes(partOf(module.path)) && !exceptions.includes(module.path))
    .flatMap((module) =>
      [...impureImports(module), ...impureUses(module.tokens)].map((what) => `${module.path}: ${what}`),
    );
}

function impureImports(module: Module): readonly string[] {
  return module.imports.flatMap((each) => {
    if (each.lazy) return [`imports ${each.specifier} at run time`];
    if (!each.specifier.startsWith('node:')) return [];
    const pure = pureBuiltins[each.specifier];
    if (pure === undefined) return [`imports ${each.specifier}`];
    const impure = each.names.filter((name) => !pure.includes(name));
    if (each.names.length === 0) return [`imports all of ${each.specifier}`];
    return impure.map((name) => `imports ${name} of ${each.specifier}`);
  });
}

function impureUses(tokens: readonly Token[]): readonly string[] {
  return tokens.flatMap((token, at) => {
    const before = tokens[at - 1]?.kind;
    const next = tokens[at + 1]?.kind;
    if (token.kind === SyntaxKind.AwaitKeyword) return ['waits'];
    const member = before === SyntaxKind.DotToken || before === SyntaxKind.QuestionDotToken;
    if (member) return localMethods.test(token.text) ? [`uses ${token.text}`] : [];
    if (token.kind === SyntaxKind.AsyncKeyword && next !== SyntaxKind.ColonToken) return ['is asynchronous'];
    if (token.kind !== SyntaxKind.Identifier && token.kind !== SyntaxKind.RequireKeyword) return [];
    // A key of that name in an object or a type is no use of the global.
    const key = next === SyntaxKind.ColonToken && before !== SyntaxKind.QuestionToken;
    if (impureGlobals.has(token.text) && !key) return [`uses ${token.text}`];
    const called = tokens[at + 2]?.text;
    if (next === SyntaxKind.DotToken && called !== undefined) {
      return (impureMembers[token.text] ?? []).includes(called) ? [`uses ${token.text}.${called}`] : [];
    }
    const clock = token.text === 'Date' && next === SyntaxKind.OpenParenToken && called === ')';
    return clock ? ['reads the clock by Date()'] : [];
  });
}
