import { reservedWords } from '../../grammar/tokens.ts';
import { readerLike } from '../model/collect/read-file.ts';
import { builtinAttributes } from './builtin.ts';
import { occurrenceAt, openDocument, reusable, type Document } from './document.ts';
import { editedText, type Edit } from './edit.ts';
import { jsonNameEdit } from './json-name.ts';
import type { Occurrence } from './symbol.ts';

export type Renaming =
  | {
      readonly kind: 'edits';
      readonly edits: readonly Edit[];
      /** What changes for others, where somebody should agree to it first; one sentence. */
      readonly warning?: string;
    }
  /** One sentence without a full stop. */
  | { readonly kind: 'refused'; readonly why: string };

/** The places where the name at an offset stands, its declaration among them, in every file of the program. */
export function occurrencesOf(document: Document, offset: number): readonly Occurrence[] {
  const at = occurrenceAt(document, offset);
  if (at === undefined) return [];
  return document.allOccurrences().filter(({ symbol }) => isSame(symbol, at.symbol));
}

/** What the language brings is the same by its value, everything else by its declaration. */
function isSame(left: Occurrence['symbol'], right: Occurrence['symbol']): boolean {
  return left === right || (left.declaration !== undefined && left.declaration === right.declaration);
}

/** Renames what the name at an offset stands for, wherever it stands, or says why that cannot be. */
export function renameAt(document: Document, offset: number, name: string): Renaming {
  const at = occurrenceAt(document, offset);
  if (at === undefined) return refused('there is no name here that can be renamed');
  const { symbol } = at;
  if (symbol.declaration === undefined)
    return refused(`\`${symbol.name}\` is a ${symbol.kind} of the language and cannot be renamed`);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    return refused(
      `\`${name}\` is not a valid name: use letters, digits and \`_\`, and do not start with a digit`,
    );
  if (reservedWords.some((word) => word === name)) return refused(`\`${name}\` is a reserved word`);
  if (name === symbol.name) return { kind: 'edits', edits: [] };
  // Senders keep the key that they write: a field that is read from JSON goes on reading it.
  const key = jsonNameEdit(document, symbol, name);
  const places = occurrencesOf(document, offset).filter(
    ({ inMessage }) => key === undefined || inMessage !== true,
  );
  const edits = [...places.map(({ span }) => ({ span, text: name })), ...(key === undefined ? [] : [key])];
  const warning = warningOf(symbol, name);
  return keepsMeaning(document, places, edits, name)
    ? { kind: 'edits', edits, ...(warning === undefined ? {} : { warning }) }
    : refused(`\`${name}\` already has another meaning where \`${symbol.name}\` is used`);
}

/** The name of an entity is an address: senders and other programs have it. */
function warningOf({ kind, name }: Occurrence['symbol'], to: string): string | undefined {
  return kind === 'entity'
    ? `Senders post to /ingest/${to} in place of /ingest/${name}, and {entity} in subjects becomes ${to}: messages that wait in the queue under ${name} are no longer read`
    : undefined;
}

function refused(why: string): Renaming {
  return { kind: 'refused', why };
}

/** Whether after the edits every name still stands for what it stood for. */
function keepsMeaning(
  document: Document,
  places: readonly Occurrence[],
  edits: readonly Edit[],
  name: string,
): boolean {
  const before = document.allOccurrences().filter(isKept);
  const edited = new Set(places);
  const textOf = (file: string, text: string): string =>
    editedText(
      text,
      edits.filter(({ span }) => span.file.name === file),
    );
  const readFile = readerLike(document.readFile, (path, kind) => {
    const text = document.readFile(path, kind);
    return typeof text === 'string' ? textOf(path, text) : text;
  });
  const file = { name: document.file.name, text: textOf(document.file.name, document.file.text) };
  const after = openDocument(file, readFile, reusable(document)).allOccurrences().filter(isKept);
  if (after.length !== before.length) return false;
  // The n-th name before is the n-th after: an edit moves names, but never past each other.
  const firstBefore = firstPlaces(before);
  const firstAfter = firstPlaces(after);
  return before.every(
    (occurrence, at) =>
      firstBefore[at] === firstAfter[at] &&
      after[at]?.symbol.kind === occurrence.symbol.kind &&
      (!edited.has(occurrence) || after[at].symbol.name === name),
  );
}

/** A rename may write `@json` or take it away, and with it what the keys of messages in tests are. */
function isKept({ symbol, inMessage }: Occurrence): boolean {
  return inMessage !== true && symbol !== builtinAttributes.get('json');
}

/** For each occurrence the position of the first one of the same symbol. */
function firstPlaces(occurrences: readonly Occurrence[]): readonly number[] {
  const first = new Map<unknown, number>();
  return occurrences.map(({ symbol: { declaration, name } }, at) => {
    const key = declaration === undefined ? name : `${declaration.file.name}:${declaration.start}`;
    const known = first.get(key);
    if (known === undefined) first.set(key, at);
    return known ?? at;
  });
}
