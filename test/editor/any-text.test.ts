import fc from 'fast-check';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tokenize } from '../../grammar/tokens.ts';
import { completionsAt } from '../../src/editor/completion.ts';
import { openDocument, type Document } from '../../src/editor/document.ts';
import { hoverAt } from '../../src/editor/hover.ts';
import { outlineOf, type OutlineNode } from '../../src/editor/outline.ts';
import { quickFixes } from '../../src/editor/quick-fix.ts';
import { editedText, occurrencesOf, renameAt } from '../../src/editor/rename.ts';
import type { Span } from '../../src/text/source.ts';
import { runs } from '../support/property-runs.ts';

const root = join(import.meta.dirname, '../..');
const texts = globSync(['test/examples/*.nom', 'test/checks/*.nom', 'pipelines/*.nom'], { cwd: root })
  .sort()
  .map((path) => readFileSync(join(root, path), 'utf8'));

/** A text with words left out, doubled or put elsewhere: what a file looks like while it is written. */
const unfinished = fc
  .record({
    text: fc.constantFrom(...texts),
    at: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 3 }),
    word: fc.constantFrom(
      '',
      '',
      '.',
      '{',
      '}',
      '(',
      '"',
      '@',
      'each ',
      'store x {',
      '...',
      '\u{1F680}',
      'é',
    ),
  })
  .map(({ text, at, word }) => {
    const { tokens } = tokenize(text);
    const cuts = at
      .map((share) => tokens[Math.floor(share * tokens.length)])
      .filter((each) => each !== undefined);
    return cuts
      .toSorted((left, right) => right.startOffset - left.startOffset)
      .reduce(
        (result, { startOffset, image }) =>
          result.slice(0, startOffset) + word + result.slice(startOffset + (word === '' ? image.length : 0)),
        text,
      );
  });

const place = fc.tuple(unfinished, fc.double({ min: 0, max: 1, noNaN: true })).map(([text, share]) => ({
  document: openDocument({ name: 'a.nom', text }),
  offset: Math.floor(share * text.length),
}));

function isInside(document: Document, { start, end }: Span): boolean {
  return start >= 0 && start <= end && end <= document.file.text.length;
}

test('whatever is written, every question has an answer, and every place in it lies in the file', () => {
  fc.assert(
    fc.property(place, ({ document, offset }) => {
      const nodes: OutlineNode[] = [...outlineOf(document.parsed.tree)];
      const hover = hoverAt(document, offset);
      const spans = [
        ...nodes.flatMap(({ span, selection }) => [span, selection]),
        ...occurrencesOf(document, offset).map(({ span }) => span),
        ...(hover === undefined ? [] : [hover.span]),
        ...quickFixes(document, offset, offset).flatMap(({ edits }) => edits.map(({ span }) => span)),
      ];
      expect(spans.filter((span) => !isInside(document, span))).toEqual([]);
      const { start, items } = completionsAt(document, offset);
      expect(start).toBeLessThanOrEqual(offset);
      expect(new Set(items.map(({ label }) => label)).size).toBe(items.length);
    }),
    { numRuns: runs(500) },
  );
});

test('a rename, where it is made, can be taken back', () => {
  fc.assert(
    fc.property(place, fc.constantFrom('renamed', 'key', 'id', 'Order'), ({ document, offset }, name) => {
      const before = occurrencesOf(document, offset);
      const renaming = renameAt(document, offset, name);
      if (renaming.kind === 'refused' || renaming.edits.length === 0) return;
      const text = editedText(document.file.text, renaming.edits);
      const first = renaming.edits[0]?.span.start ?? 0;
      const after = openDocument({ name: 'a.nom', text });
      expect(occurrencesOf(after, first)).toHaveLength(before.length);
      const back = renameAt(after, first, before[0]?.symbol.name ?? '');
      expect(back.kind === 'edits' ? editedText(text, back.edits) : back.why).toBe(document.file.text);
    }),
    { numRuns: runs(300) },
  );
});
