import type { Capability } from '../capability.ts';
import { outlineOf } from '../outline.ts';
import { symbolOf } from '../protocol.ts';

export const outline: Capability = {
  announces: { documentSymbolProvider: true },
  serve: ({ connection, within }) =>
    connection.onDocumentSymbol(({ textDocument }) =>
      within(textDocument, ({ text, document }) =>
        outlineOf(document.parsed.tree).map((node) => symbolOf(text, node)),
      ),
    ),
};
