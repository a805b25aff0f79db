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

const page = readFileSync(join(import.meta.dirname, '../../docs/language.md'), 'utf8');

interface Block {
  readonly line: number;
  /** What stands behind the fence: `nom rejected NOM201`. */
  readonly info: string;
  readonly text: string;
}

const blocks: readonly Block[] = [...page.matchAll(/^```(\w[^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({
  line: page.slice(0, match.index).split('\n').length + 1,
  info: match[1] ?? '',
  text: match[2] ?? '',
}));
const programs = blocks.filter(({ info }) => info.split(' ')[0] === 'nom');

/** Files that blocks with `file=NAME` stand for. */
const files = new Map(
  blocks.flatMap(({ info, text }) => {
    const name = /file=(\S+)/.exec(info)?.[1];
    return name === undefined ? [] : [[name, text] as const];
  }),
);
const readFile = (path: string): string | undefined => files.get(path);

describe.each(programs)('docs/language.md, line $line', ({ info, text }) => {
  const analysis = analyze({ name: 'page.nom', text }, readFile);
  const code = /rejected (NOM\d+)/.exec(info)?.[1];

  test('says the truth about what the check finds', () => {
    // A file to be imported is no program: what it declares is used elsewhere.
    const findings = analysis.findings.filter(
      ({ severity }) => severity === 'error' || !info.includes('file='),
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
