import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, begin, isComplete } from '../../grammar/expectation.ts';
import { read } from '../../grammar/parser.ts';
import { tokenize } from '../../grammar/tokens.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { renderJson } from '../../src/diagnostics/render-json.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import type { FileTree } from '../../src/syntax/tree.ts';
import type { Span } from '../../src/text/source.ts';
import { runs } from '../support/property-runs.ts';
import { everyFile } from './sources.ts';

function parsed(text: string): { tree: FileTree; findings: readonly Diagnostic[] } {
  const findings: Diagnostic[] = [];
  const tree = parseFile({ name: 'any.nom', text }, (finding) => findings.push(finding));
  return { tree, findings };
}

/** Every span in a value, however deep. */
function spansIn(value: unknown): readonly Span[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('file' in value && 'start' in value) return [value as unknown as Span];
  return Object.values(value).flatMap(spansIn);
}

/** What is wrong with what the parser makes of a text: nothing, whatever the text is. */
function unsound(text: string): readonly string[] {
  const { tree, findings } = parsed(text);
  const outside = [...spansIn(tree), ...spansIn(findings)].filter(
    ({ file, start, end }) => file.text !== text || start < 0 || end < start || end > text.length,
  );
  // Only our own words: the parser library's begin like this.
  const foreign = findings.filter(({ message }) => /Expecting|Redundant|-->|undefined/.test(message));
  const shown = renderText(findings).includes('undefined') ? ['a hole in a finding'] : [];
  JSON.parse(renderJson(findings));
  return [
    ...outside.map(({ start, end }) => `span ${start} to ${end}`),
    ...foreign.map(({ message }) => message),
    ...shown,
  ];
}

const words = [...new Set(everyFile.flatMap(({ text }) => tokenize(text).tokens.map(({ image }) => image)))];
const noise = [
  ...words,
  '\n',
  '"open',
  "'x'",
  '&&',
  '!',
  ';',
  '/*',
  '#',
  '€',
  '1x',
  '\\',
  '\t',
  '\uD800',
  '?',
  '}}',
];

test('any text is read without a crash, and every span lies in the file', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(unsound(text)).toEqual([]);
    }),
  );
});

test('any words of the language in any order are read without a crash', () => {
  const texts = fc.array(fc.constantFrom(...noise), { maxLength: 60 }).map((parts) => parts.join(' '));
  fc.assert(
    fc.property(texts, (text) => {
      expect(unsound(text)).toEqual([]);
    }),
    { numRuns: runs(300) },
  );
});

/** A file of the project with some of its words dropped, doubled, swapped or replaced. */
const mutated = fc
  .record({
    file: fc.constantFrom(...everyFile),
    edits: fc.array(fc.record({ at: fc.nat(), word: fc.option(fc.constantFrom(...noise)) }), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map(({ file, edits }) =>
    edits.reduce((text, { at, word }) => {
      const { tokens } = tokenize(text);
      const token = tokens[at % Math.max(tokens.length, 1)];
      if (token === undefined) return text;
      const end = token.startOffset + token.image.length;
      return `${text.slice(0, word === null ? token.startOffset : end)} ${word ?? ''} ${text.slice(end)}`;
    }, file.text),
  );

test('any mutated program is read without a crash, and every span lies in the file', () => {
  fc.assert(
    fc.property(mutated, (text) => {
      expect(unsound(text)).toEqual([]);
    }),
    { numRuns: runs(300) },
  );
});

test('the parser accepts exactly what the findings are made from', () => {
  fc.assert(
    fc.property(mutated, (text) => {
      const { tokens } = tokenize(text);
      const state = tokens.reduce(advance, begin('file'));
      expect(isComplete(state)).toBe(read('file', tokens).stuckAt === undefined);
    }),
    { numRuns: runs(300) },
  );
});

test('what is not accepted is never without a finding', () => {
  fc.assert(
    fc.property(mutated, (text) => {
      const { tokens, strays } = tokenize(text);
      const errors = parsed(text).findings.filter(({ severity }) => severity === 'error');
      const accepted = strays.length === 0 && read('file', tokens).stuckAt === undefined;
      expect(accepted || errors.length > 0).toBe(true);
    }),
    { numRuns: runs(300) },
  );
});

test('one lost or doubled word costs at most three findings, all in one declaration', () => {
  const once = fc.record({ file: fc.constantFrom(...everyFile), at: fc.nat(), twice: fc.boolean() });
  fc.assert(
    fc.property(once, ({ file, at, twice }) => {
      const { tokens } = tokenize(file.text);
      const token = tokens[at % Math.max(tokens.length, 1)];
      if (token === undefined) return;
      const end = token.startOffset + token.image.length;
      const edit = twice ? ` ${token.image} ` : '';
      const text = file.text.slice(0, twice ? end : token.startOffset) + edit + file.text.slice(end);
      const { tree, findings } = parsed(text);
      expect(findings.length).toBeLessThanOrEqual(3);
      expect(tree.declarations.filter(({ broken }) => broken).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: runs(400) },
  );
});

test('deep nesting and long chains are refused, never a crash', () => {
  const n = 20_000;
  for (const body of [
    '('.repeat(n) + ')'.repeat(n),
    `${'not '.repeat(n)}a`,
    `${'a + '.repeat(n)}a`,
    `${'if a then b else '.repeat(n)}c`,
    `a${'.b'.repeat(n)}`,
    'f('.repeat(n),
    'match a { 1 -> '.repeat(n),
  ]) {
    const { findings } = parsed(`fn f() -> int = ${body}\nentity A { id: int }`);
    expect(findings.length).toBeGreaterThan(0);
  }
});
