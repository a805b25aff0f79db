import type { Location } from 'vscode-languageserver/node';
import type { Capability, Place, Session } from '../capability.ts';
import { noOthers, type OtherPrograms } from '../other-programs.ts';
import { locationOf } from '../protocol.ts';
import { occurrencesOf } from '../places.ts';

/** Where a name is declared, and where it stands. */
export const names: Capability = {
  announces: { definitionProvider: true, referencesProvider: true, documentHighlightProvider: true },
  serve: (session) => {
    const { connection } = session;
    connection.onDefinition((place) => locations(session, place, noOthers, (declares) => declares));
    connection.onReferences((place) =>
      locations(session, place, session.others, (declares) => place.context.includeDeclaration || !declares),
    );
    connection.onDocumentHighlight((place) =>
      locations(session, place, noOthers, () => true)
        .filter(({ uri }) => uri === place.textDocument.uri)
        .map(({ range }) => ({ range })),
    );
  },
};

function locations(
  { at }: Session,
  place: Place,
  others: OtherPrograms,
  select: (declares: boolean) => boolean,
): Location[] {
  return (
    at(place, ({ document, offset, textOf }) =>
      occurrencesOf(document, offset, others)
        .filter(({ declares }) => select(declares))
        .map(({ span }) => locationOf(textOf, span)),
    ) ?? []
  );
}
