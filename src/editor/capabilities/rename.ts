import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { Capability } from '../capability.ts';
import { occurrenceAt } from '../document.ts';
import { rangeOf, warnedEditOf, workspaceEditOf } from '../protocol.ts';
import { renameAt } from '../rename.ts';

export const rename: Capability = {
  announces: { renameProvider: { prepareProvider: true } },
  serve: ({ connection, at, client, others }) => {
    connection.onPrepareRename((place) =>
      at(place, ({ text, document, offset }) => {
        const occurrence = occurrenceAt(document, offset);
        return occurrence?.symbol.declaration === undefined ? null : rangeOf(text, occurrence.span);
      }),
    );
    connection.onRenameRequest((place) =>
      at(place, ({ document, offset, textOf }) => {
        const renaming = renameAt(document, offset, place.newName, others);
        if (renaming.kind === 'refused')
          return new ResponseError<undefined>(LSPErrorCodes.RequestFailed, renaming.why);
        const { edits, warning } = renaming;
        if (warning === undefined) return workspaceEditOf(textOf, edits);
        if (client().workspace?.workspaceEdit?.changeAnnotationSupport !== undefined)
          return warnedEditOf(textOf, edits, warning);
        connection.window.showWarningMessage(`nomnom: ${warning}`);
        return workspaceEditOf(textOf, edits);
      }),
    );
  },
};
