import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { syntaxCodes } from '../../src/syntax/codes.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import type { FileTree } from '../../src/syntax/tree.ts';
import { expectGolden } from '../support/golden.ts';

const folder = new URL('../golden/syntax/', import.meta.url);

function analysed(name: string): { tree: FileTree; findings: readonly Diagnostic[] } {
  const findings: Diagnostic[] = [];
  const text = readFileSync(new URL(name, folder), 'utf8');
  const tree = parseFile({ name, text }, (finding) => findings.push(finding));
  return { tree, findings };
}

const inputs = readdirSync(folder).filter((name) => name.endsWith('.nom'));

test.each(inputs)('%s gets exactly these findings, in these words', (name) => {
  const { findings } = analysed(name);
  expectGolden(`syntax/${name.replace(/\.nom$/, '.txt')}`, renderText(findings));
  expect(findings).not.toEqual([]);
});

describe.each(syntaxCodes)('$code: $title', ({ code, severity, explanation }) => {
  test('has a file in which nothing else is found', () => {
    const { findings } = analysed(`${code}.nom`);
    expect(new Set(findings.map((finding) => `${finding.severity} ${finding.code}`))).toEqual(
      new Set([`${severity} ${code}`]),
    );
  });

  test('has a page that says why and what to write', () => {
    expect(explanation.length).toBeGreaterThan(80);
  });
});

function declarationsOf(name: string): readonly string[] {
  return analysed(name).tree.declarations.map(
    (declaration) =>
      `${'name' in declaration ? declaration.name.text : ''}${declaration.broken ? ' broken' : ''}`,
  );
}

test('a fault breaks its own declaration and no other', () => {
  expect(declarationsOf('NOM002.nom')).toEqual(['SHOP', 'Order']);
  expect(declarationsOf('NOM007.nom')).toEqual(['Order broken', 'Customer broken', 'Line']);
  expect(declarationsOf('lost-brace.nom')).toEqual([
    'Order broken',
    'Line broken',
    'Customer broken',
    'worker',
  ]);
});

test('a declaration that cannot be read at all is still declared', () => {
  expect(declarationsOf('NOM022.nom')).toEqual(['deep broken', 'Order']);
});
