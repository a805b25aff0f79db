import fc from 'fast-check';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tokenize } from '../../grammar/tokens.ts';
import { analyze, type Analysis } from '../../src/checks/analyze.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { openDocument, reusable } from '../../src/editor/document.ts';
import { reparse, type Parsed } from '../../src/editor/reparse.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import { runs } from '../support/property-runs.ts';

const root = join(import.meta.dirname, '../..');
const texts = globSync(['test/examples/**/*.nom', 'test/checks/*.nom'], { cwd: root })
  .sort()
  .map((path) => readFileSync(join(root, path), 'utf8'));

function whole(text: string): Pick<Parsed, 'tree' | 'findings'> {
  const findings: Diagnostic[] = [];
  const tree = parseFile({ name: 'a.nom', text }, (finding) => void findings.push(finding));
  return { tree, findings };
}

function pieceByPiece(text: string, before?: Parsed): ReturnType<typeof whole> {
  const { tree, findings } = reparse({ name: 'a.nom', text }, before?.cuts);
  return { tree, findings };
}

test('a file is read piece by piece as it is read at once', () => {
  for (const text of texts) expect(pieceByPiece(text)).toEqual(whole(text));
});

test('a comment behind a declaration belongs to its line', () => {
  const text = 'entity A { id: int } /// reaches nobody\nentity B { id: int }\n';
  expect(whole(text).findings.map(({ code }) => code)).toEqual(['NOM021']);
  expect(pieceByPiece(text)).toEqual(whole(text));
});

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.constantFrom(0, 0, 1, 2),
  insert: fc.constantFrom(
    '',
    ' ',
    '\n',
    'x',
    '{',
    '}',
    '(',
    '"',
    '/// doc\n',
    '// note\n',
    ' entity E { id: int }\n',
    '=',
    '/*',
    '*/',
    '\nentity F {',
  ),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function edited(text: string, { at, remove, insert }: Edit): string {
  const { tokens } = tokenize(text);
  const from = tokens[Math.floor(at * (tokens.length - 1))]?.startOffset ?? 0;
  const to = tokens.find(({ startOffset }) => startOffset >= from + remove)?.startOffset ?? from;
  return text.slice(0, from) + insert + text.slice(remove === 0 ? from : to);
}

test('after any edit the tree and the findings are those of the whole text', () => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), edit, (text, change) => {
      const before = reparse({ name: 'a.nom', text });
      const next = edited(text, change);
      const after = reparse({ name: 'a.nom', text: next }, before.cuts);
      expect({ tree: after.tree, findings: after.findings }).toEqual(whole(next));
      // An edit that takes another one back begins where that one ended.
      expect(pieceByPiece(text, after)).toEqual(whole(text));
    }),
    { numRuns: runs(400) },
  );
});

const found = ({ findings, allowed, accepted }: Analysis): object => ({ findings, allowed, accepted });

test('after each of several edits the findings are those of a fresh check', () => {
  const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.constantFrom(...texts), edits, (text, changes) => {
      let document = openDocument({ name: 'a.nom', text });
      for (const change of changes) {
        const file = { name: 'a.nom', text: edited(document.file.text, change) };
        document = openDocument(file, undefined, reusable(document));
        expect(found(document.analysis)).toEqual(found(analyze(file, () => undefined)));
      }
    }),
    { numRuns: runs(200) },
  );
});
