import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contextualWords, reservedWords, TextLiteral, tokenize } from '../../grammar/tokens.ts';
import { analyze } from '../../src/checks/analyze.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { attributeDocs } from '../../src/editor/attribute-docs.ts';
import { specialForms } from '../../src/model/special-forms.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { formatFile } from '../../src/syntax/print/format.ts';
import { runTests } from '../../src/tools/testing/run.ts';
import { columnTypes } from '../../src/types/registry.ts';
import { blocksOf, readPage } from './blocks.ts';

const page = readPage('docs/language.md');
const blocks = blocksOf('docs/language.md', page);
const programs = blocks.filter(({ language }) => language === 'nom');

/** Files that blocks with `file=NAME` stand for. */
const files = new Map(
  blocks.flatMap(({ settings, text }) =>
    settings['file'] === undefined ? [] : [[settings['file'], text] as const],
  ),
);
const readFile = (path: string): string | undefined => files.get(path);

describe.each(programs)('docs/language.md, line $line', ({ settings, words, text }) => {
  const analysis = analyze({ name: 'page.nom', text }, readFile);
  const code = words[0] === 'rejected' ? words[1] : undefined;

  test('says the truth about what the check finds', () => {
    // A file to be imported is no program: what it declares is used elsewhere.
    const findings = analysis.findings.filter(
      ({ severity }) => severity === 'error' || settings['file'] === undefined,
    );
    const found = code === undefined ? renderText(findings) : findings.map((each) => each.code).join(' ');
    expect(found).toBe(code ?? '');
  });

  test('is written in the style of nomnom fmt', () => {
    const formatted = formatFile({ name: 'page.nom', text });
    expect(formatted.kind === 'formatted' ? formatted.text : 'refused').toBe(text);
  });

  test('has tests that pass', () => {
    const { program, accepted } = analysis;
    const results = accepted
      ? runTests(program, compilePlan(program, 'page.nom'), () => ({ problem: 'no files' }))
      : [];
    expect(results.flatMap(({ failures }) => failures.map(({ message }) => message))).toEqual([]);
  });
});

test('the page shows every word of the language in an example', () => {
  const used = new Set(
    programs.flatMap(({ text }) =>
      tokenize(text)
        .tokens.filter(({ tokenType }) => tokenType !== TextLiteral)
        .map(({ image }) => image),
    ),
  );
  expect([...contextualWords, ...reservedWords].filter((word) => !used.has(word))).toEqual([]);
});

test('the page names every type, attribute and form', () => {
  const code =
    [...page.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text).join(' ') +
    programs.map(({ text }) => text).join(' ');
  for (const name of columnTypes.keys()) expect(code).toMatch(new RegExp(`\\b${name}\\b`));
  for (const { name } of attributeDocs) expect(code).toContain(`@${name}`);
  for (const name of specialForms) expect(code).toContain(`${name}(`);
});

test('links of the page lead to pages that are generated or written', () => {
  const targets = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path);
  for (const path of targets) readFileSync(join(import.meta.dirname, '../../docs', path));
  expect(targets.length).toBeGreaterThan(5);
});
