import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { editedDocuments } from '../../src/editor/edited-document.ts';

const place = fc.record({
  line: fc.oneof(fc.nat(6), fc.constant(99)),
  character: fc.oneof(fc.nat(4), fc.constant(99)),
});
const text = fc.string({ unit: fc.constantFrom('a', 'ö', '\n', '\r\n', '🚀'), maxLength: 12 });
const change = fc
  .tuple(place, place, text)
  .filter(
    ([start, end]) => start.line < end.line || (start.line === end.line && start.character <= end.character),
  )
  .map(([start, end, written]) => ({ range: { start, end }, text: written }));

test('after any edits, also behind the end of the text, places are those of the text', () => {
  fc.assert(
    fc.property(text, fc.array(change, { minLength: 1, maxLength: 4 }), (before, changes) => {
      const edited = editedDocuments.update(
        editedDocuments.create('file:///a.nom', 'nom', 1, before),
        changes,
        2,
      );
      const anew = TextDocument.create('file:///a.nom', 'nom', 2, edited.getText());
      const places = (document: TextDocument) =>
        Array.from({ length: anew.getText().length + 1 }, (_, offset) => document.positionAt(offset));
      expect(places(edited)).toEqual(places(anew));
      expect(edited.lineCount).toBe(anew.lineCount);
    }),
  );
});
