import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { openDocument } from '../../src/editor/document.ts';
import { quickFixes } from '../../src/editor/quick-fix.ts';
import { editedText } from '../../src/editor/edit.ts';
import { expectGolden } from '../support/golden.ts';

/*
 * What people write who come from SQL, Prisma, GraphQL, protobuf, YAML, JSON Schema or TypeScript. Each file has one
 * mistake; beside it stands the same file as it should be.
 */

const folder = new URL('../golden/mistakes/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const findingsOf = (name: string) => analyze({ name, text: read(name) }).findings;

const mistakes = readdirSync(folder)
  .filter((name) => name.endsWith('.nom') && !name.endsWith('-accepted.nom'))
  .map((name) => name.replace(/\.nom$/, ''));

/** Files in which more than one thing is wrong. */
const several: Readonly<Record<string, number>> = { 'sql-default-not-null': 2, 'three-mistakes': 3 };

test.each(mistakes)('%s gets one error, in these words', (name) => {
  const findings = findingsOf(`${name}.nom`);
  expectGolden(`mistakes/${name}.txt`, renderText(findings));
  expect(findings).toHaveLength(several[name] ?? 1);
});

test.each(mistakes)('%s is accepted as its neighbour has it', (name) => {
  expect(renderText(findingsOf(`${name}-accepted.nom`))).toBe('');
});

/** What no single edit of the marked place puts right: something is to be declared, moved or decided elsewhere. */
const byHand: readonly string[] = [
  'enum-inline',
  'enum-of-field',
  'header-empty',
  'import-folder',
  'inline-object-commas',
  'inline-object',
  'json-commas',
  'key-twice',
  'match-lacks-arm',
  'received-at-in-key',
  'ref-no-key',
  'role-without-name',
  'secret-written-out',
  'sql-is-not-null-never',
  'sql-where-last',
  'store-column-new',
  'store-outside',
  'store-parentheses',
  'ts-const',
  'ts-union-texts',
  'where-after-body',
  'where-before-from',
  'where-before-sources',
  'where-twice',
  'yaml-dash',
  'yaml-entity',
];

/** The text after the fixes that the findings' help suggests, one after the other. */
function fixed(text: string): string {
  let now = text;
  for (let round = 0; round < 5; round += 1) {
    const [fix] = quickFixes(openDocument({ name: 'a.nom', text: now }), 0, now.length);
    if (fix === undefined) break;
    now = editedText(now, fix.edits);
  }
  return now;
}

test('what `help` says can be pasted, and gives the file that is accepted', () => {
  const differ = mistakes.filter((name) => fixed(read(`${name}.nom`)) !== read(`${name}-accepted.nom`));
  expect(differ).toEqual(byHand);
});
