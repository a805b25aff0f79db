import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Oniguruma from 'vscode-oniguruma';
import type * as TextMate from 'vscode-textmate';
import { textMateGrammar } from '../../grammar/textmate.ts';

// Both packages are bundles from which a static import of names is not found.
const require = createRequire(import.meta.url);
const { INITIAL, Registry, parseRawGrammar } = require('vscode-textmate') as typeof TextMate;
const oniguruma = require('vscode-oniguruma') as typeof Oniguruma;

/** A stretch of a text with the scopes that an editor colours it by, the innermost last. */
export interface Scoped {
  readonly start: number;
  readonly end: number;
  readonly scopes: readonly string[];
}

async function load(): Promise<TextMate.IGrammar> {
  await oniguruma.loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (scope) =>
      Promise.resolve(scope === 'source.nom' ? parseRawGrammar(textMateGrammar(), 'nomnom.json') : null),
  });
  const grammar = await registry.loadGrammar('source.nom');
  if (grammar === null) throw new Error('the grammar was not loaded');
  return grammar;
}

let grammar: Promise<TextMate.IGrammar> | undefined;

/** Splits a text the way that an editor does, line by line. */
export async function scopesOf(text: string): Promise<readonly Scoped[]> {
  grammar ??= load();
  const loaded = await grammar;
  const result: Scoped[] = [];
  let stack = INITIAL;
  let offset = 0;
  for (const line of text.split('\n')) {
    const { tokens, ruleStack } = loaded.tokenizeLine(line, stack);
    for (const { startIndex, endIndex, scopes } of tokens)
      result.push({ start: offset + startIndex, end: offset + Math.min(endIndex, line.length), scopes });
    stack = ruleStack;
    offset += line.length + 1;
  }
  return result;
}

/** The scopes of the character at an offset. */
export function scopesAt(scoped: readonly Scoped[], offset: number): readonly string[] {
  return scoped.find(({ start, end }) => start <= offset && offset < end)?.scopes ?? [];
}
