import fc from 'fast-check';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tokenize } from '../../grammar/tokens.ts';
import { completionsAt } from '../../src/editor/completion.ts';
import { openDocument, type Document } from '../../src/editor/document.ts';
import { codeLenses } from '../../src/editor/code-lenses.ts';
import { documentLinks } from '../../src/editor/document-links.ts';
import { foldingRanges } from '../../src/editor/folding-ranges.ts';
import { formattingEdits } from '../../src/editor/formatting.ts';
import { inlayHints } from '../../src/editor/inlay-hints.ts';
import { refactorings } from '../../src/editor/refactor.ts';
import { selectionRanges } from '../../src/editor/selection-ranges.ts';
import { semanticTokens } from '../../src/editor/semantic-tokens.ts';
import { signatureHelpAt } from '../../src/editor/signature-help.ts';
import { formatFile } from '../../src/syntax/print/format.ts';
import { hoverAt } from '../../src/editor/hover.ts';
import { outlineOf, type OutlineNode } from '../../src/editor/outline.ts';
import { quickFixes } from '../../src/editor/quick-fix.ts';
import { editedText } from '../../src/editor/edit.ts';
import { occurrencesOf } from '../../src/editor/places.ts';
import { renameAt } from '../../src/editor/rename.ts';
import type { Span } from '../../src/text/source.ts';
import { runs } from '../support/property-runs.ts';

const root = join(import.meta.dirname, '../..');
const texts = globSync(['test/examples/*.nom', 'test/checks/*.nom', 'pipelines/*.nom'], { cwd: root })
  .sort()
  .map((path) => readFileSync(join(root, path), 'utf8'));

const everyHint = { fieldTypes: true, sourceTypes: true, parameterNames: true };

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

const prefix = fc
  .tuple(fc.constantFrom(...texts), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([text, share]) => {
    const end = Math.floor(share * text.length);
    return { document: openDocument({ name: '/a.nom', text: text.slice(0, end) }), offset: end };
  });

test('wherever a file ends, everything that an editor shows of it lies in it', () => {
  fc.assert(
    fc.property(fc.oneof(prefix, place), ({ document, offset }) => {
      const { text } = document.file;
      const whole = { start: 0, end: text.length };
      const tokens = semanticTokens(document, whole);
      const selections = selectionRanges(document, offset);
      const hints = inlayHints(document, whole, everyHint);
      const help = signatureHelpAt(document, offset);
      const spans = [
        ...tokens,
        ...selections,
        ...documentLinks(document).map(({ span }) => span),
        ...codeLenses(document).map(({ span }) => span),
        ...hints.map((hint) => ({ start: hint.offset, end: hint.offset })),
        ...formattingEdits(document.file, whole).map(({ span }) => span),
        ...refactorings(document, { start: offset / 2, end: offset }).flatMap(({ edits }) =>
          edits.map(({ span }) => span),
        ),
      ];
      expect(spans.filter(({ start, end }) => start < 0 || end < start || end > text.length)).toEqual([]);
      // The protocol wants tokens in order, on one line each, and selections that hold each other.
      for (const [at, token] of tokens.entries()) {
        expect(token.start).toBeGreaterThanOrEqual(tokens[at - 1]?.end ?? 0);
        expect(text.slice(token.start, token.end)).not.toContain('\n');
      }
      for (const [at, { start, end }] of selections.entries()) {
        expect(start).toBeLessThanOrEqual(selections[at - 1]?.start ?? offset);
        expect(end).toBeGreaterThanOrEqual(selections[at - 1]?.end ?? offset);
      }
      const lines = text.split('\n').length;
      for (const { startLine, endLine } of foldingRanges(document)) {
        expect(startLine).toBeLessThan(endLine);
        expect(endLine).toBeLessThan(lines);
      }
      for (const { start, end } of help?.parameters ?? [])
        expect(end).toBeLessThanOrEqual(help?.label.length ?? start);
    }),
    { numRuns: runs(400) },
  );
});

test('the lines of a range become what formatting the whole file makes of them', () => {
  const shares = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      shares,
      fc.constantFrom('  ', ' \n', '\n\n\n'),
      (text, [one, two], gap) => {
        const messy = text.replaceAll(' ', (blank, at: number) =>
          at % 7 === 0 && isBetween(text, at) ? gap : blank,
        );
        const formatted = formatFile({ name: 'a.nom', text: messy });
        if (formatted.kind === 'refused') return;
        const file = { name: 'a.nom', text: messy };
        const [start = 0, end = 0] = [one * messy.length, two * messy.length]
          .map(Math.floor)
          .toSorted((a, b) => a - b);
        expect(editedText(messy, formattingEdits(file, { start: 0, end: messy.length }))).toBe(
          formatted.text,
        );
        const edits = formattingEdits(file, { start, end });
        const lastLine = messy.indexOf('\n', end);
        const lines = {
          start: messy.lastIndexOf('\n', start - 1),
          end: lastLine < 0 ? messy.length : lastLine,
        };
        // A gap that begins or ends outside may hold blank lines of the neighbours, and nothing else.
        for (const { span } of edits) {
          expect(span.end).toBeGreaterThanOrEqual(lines.start);
          expect(span.start).toBeLessThanOrEqual(lines.end);
        }
        const wanted = formattingEdits(file, { start: 0, end: messy.length }).filter(
          ({ span }) => span.end > start && span.start < end,
        );
        expect(edits).toEqual(expect.arrayContaining(wanted));
      },
    ),
    { numRuns: runs(100) },
  );
});

/** Not inside of a text or a comment. */
function isBetween(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', at) + 1, at);
  return !line.includes('//') && !line.includes('"');
}

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
      // Where `@json` comes back, it stands directly behind the type.
      const shown = (each: string): string => each.replaceAll(/\s+@json/g, ' @json');
      expect(shown(back.kind === 'edits' ? editedText(text, back.edits) : back.why)).toBe(
        shown(document.file.text),
      );
    }),
    { numRuns: runs(300) },
  );
});
