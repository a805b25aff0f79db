import type { Capability } from '../capability.ts';
import { documentLinks as linksIn } from '../document-links.ts';
import { isPath, uriOf } from '../file-name.ts';
import { rangeOf } from '../protocol.ts';

export const documentLinks: Capability = {
  announces: { documentLinkProvider: {} },
  serve: ({ connection, within }) =>
    connection.onDocumentLinks(({ textDocument }) =>
      within(textDocument, ({ text, document }) =>
        linksIn(document)
          // A text that is not saved has no folder.
          .filter(({ path }) => isPath(path))
          .map(({ span, path }) => ({ range: rangeOf(text, span), target: uriOf(path) })),
      ),
    ),
};
