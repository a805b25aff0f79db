import { InlayHintKind } from 'vscode-languageserver/node';
import type { Capability } from '../capability.ts';
import { inlayHints as hintsIn } from '../inlay-hints.ts';

export const inlayHints: Capability = {
  announces: { inlayHintProvider: true },
  serve: ({ connection, within, settings }) =>
    connection.languages.inlayHint.on(({ textDocument, range }) =>
      within(textDocument, ({ text, document }) => {
        const stretch = { start: text.offsetAt(range.start), end: text.offsetAt(range.end) };
        return hintsIn(document, stretch, settings().inlayHints).map((hint) => {
          const position = text.positionAt(hint.offset);
          return {
            position,
            label: hint.text,
            kind: hint.kind === 'type' ? InlayHintKind.Type : InlayHintKind.Parameter,
            paddingRight: hint.kind === 'parameter',
            // A double click writes it.
            ...(hint.writable
              ? { textEdits: [{ range: { start: position, end: position }, newText: hint.text }] }
              : {}),
          };
        });
      }),
    ),
};
