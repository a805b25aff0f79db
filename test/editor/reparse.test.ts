import fc from 'fast-check';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tokenize } from '../../grammar/tokens.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
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

test('after any edit the tree and the findings are those of the whole text', () => {
  const edit = fc.record({
    text: fc.constantFrom(...texts),
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
  fc.assert(
    fc.property(edit, ({ text, at, remove, insert }) => {
      const before = reparse({ name: 'a.nom', text });
      const { tokens } = tokenize(text);
      const from = tokens[Math.floor(at * (tokens.length - 1))]?.startOffset ?? 0;
      const to = tokens.find(({ startOffset }) => startOffset >= from + remove)?.startOffset ?? from;
      const edited = text.slice(0, from) + insert + text.slice(remove === 0 ? from : to);
      const after = reparse({ name: 'a.nom', text: edited }, before.cuts);
      expect({ tree: after.tree, findings: after.findings }).toEqual(whole(edited));
      // An edit that takes another one back begins where that one ended.
      expect(pieceByPiece(text, after)).toEqual(whole(text));
    }),
    { numRuns: runs(400) },
  );
});
