import type { Capability } from '../capability.ts';
import { formattingEdits } from '../formatting.ts';
import { editOf } from '../protocol.ts';

/** A file with errors of syntax stays as it is; the errors are shown already. */
export const formatting: Capability = {
  announces: { documentFormattingProvider: true, documentRangeFormattingProvider: true },
  serve: ({ connection, within }) => {
    connection.onDocumentFormatting(({ textDocument }) =>
      within(textDocument, ({ text, document: { file } }) =>
        formattingEdits(file, { start: 0, end: file.text.length }).map((edit) => editOf(text, edit)),
      ),
    );
    connection.onDocumentRangeFormatting(({ textDocument, range }) =>
      within(textDocument, ({ text, document: { file } }) =>
        formattingEdits(file, { start: text.offsetAt(range.start), end: text.offsetAt(range.end) }).map(
          (edit) => editOf(text, edit),
        ),
      ),
    );
  },
};
