import { occurrenceAt, type Document } from './document.ts';
import { noOthers, withPrograms, type OtherPrograms, type Reached } from './other-programs.ts';
import type { Span } from '../text/source.ts';
import type { NamedSymbol, Occurrence } from './symbol.ts';

/** Where a name stands, in every program that has a file in which it stands. */
export interface Places extends Reached {
  readonly places: readonly Occurrence[];
}

/** The places where the name at an offset stands, its declaration among them. */
export function occurrencesOf(
  document: Document,
  offset: number,
  others: OtherPrograms = noOthers,
): readonly Occurrence[] {
  const at = occurrenceAt(document, offset);
  return at === undefined ? [] : placesOf(document, at.symbol, others).places;
}

/**
 * The places of a symbol. A program that imports its declaration has more of them, and so has one that imports a file
 * in which it is used: such programs are added until there are none.
 */
export function placesOf(document: Document, symbol: NamedSymbol, others: OtherPrograms): Places {
  let reached: Reached = { documents: [document], more: false };
  for (;;) {
    const places = placesIn(reached.documents, symbol);
    if (symbol.declaration === undefined || reached.more) return { ...reached, places };
    const files = new Set(
      [symbol.declaration, ...places.map(({ span }) => span)].map(({ file }) => file.name),
    );
    const next = withPrograms(reached.documents, files, others);
    if (next.documents.length === reached.documents.length) return { ...next, places };
    reached = next;
  }
}

/** Each place once, whichever programs have its file. */
function placesIn(documents: readonly Document[], symbol: NamedSymbol): readonly Occurrence[] {
  const found = new Map<string, Occurrence>();
  for (const document of documents)
    for (const occurrence of document.allOccurrences())
      if (isSame(occurrence.symbol, symbol) && !found.has(placeOf(occurrence.span)))
        found.set(placeOf(occurrence.span), occurrence);
  return [...found.values()];
}

/** The same in every program that has the file. */
export function placeOf({ file, start }: Span): string {
  return `${file.name}:${start}`;
}

/** What the language brings is the same by its value, everything else by its declaration. */
function isSame(left: NamedSymbol, right: NamedSymbol): boolean {
  if (left.declaration === undefined || right.declaration === undefined) return left === right;
  return placeOf(left.declaration) === placeOf(right.declaration);
}
