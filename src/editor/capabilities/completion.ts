import type { Capability } from '../capability.ts';
import { completionsAt } from '../completion.ts';
import { completionItems } from '../protocol.ts';

export const completion: Capability = {
  announces: { completionProvider: { triggerCharacters: ['.', '@', '(', ':', '"', '/'] } },
  serve: ({ connection, at, namesIn }) =>
    connection.onCompletion((place) =>
      at(place, ({ text, document, offset }) => [
        ...completionItems(
          text,
          offset,
          completionsAt(document, offset, (folder) => namesIn(document.file.name, folder)),
        ),
      ]),
    ),
};
