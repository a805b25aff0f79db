import type { TextDocumentContentChangeEvent, TextDocumentsConfiguration } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

/**
 * Texts as an editor opens and edits them. A place behind the end of a text is its end, as the protocol says of places behind the end of a
 * line: the library would count lines from the place that was sent, and give wrong places for the whole text from then on.
 */
export const editedDocuments: TextDocumentsConfiguration<TextDocument> = {
  create: (uri, language, version, content) => TextDocument.create(uri, language, version, content),
  update(document, changes, version) {
    let text = document;
    for (const change of changes) text = TextDocument.update(text, [within(text, change)], version);
    return text;
  },
};

function within(text: TextDocument, change: TextDocumentContentChangeEvent): TextDocumentContentChangeEvent {
  if (!('range' in change)) return change;
  const { start, end } = change.range;
  const placeIn = (place: typeof start) => text.positionAt(text.offsetAt(place));
  return { range: { start: placeIn(start), end: placeIn(end) }, text: change.text };
}
