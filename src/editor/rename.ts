import { reservedWords } from '../../grammar/tokens.ts';
import { readerLike } from '../model/collect/read-file.ts';
import { builtinAttributes } from './builtin.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { positionAt } from '../text/source.ts';
import { occurrenceAt, openDocument, reusable, type Document } from './document.ts';
import { editedText, movedBy, type Edit } from './edit.ts';
import { jsonNameEdit } from './json-name.ts';
import { noOthers, type OtherPrograms } from './other-programs.ts';
import { MOST_PROGRAMS } from './programs-with.ts';
import { placeOf, placesOf } from './places.ts';
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

/**
 * Renames what the name at an offset stands for, wherever it stands, or says why that cannot be. Each program that has an
 * edit is read again with it: every name must keep its meaning, and no error may be there that was not there before.
 */
export function renameAt(
  document: Document,
  offset: number,
  name: string,
  others: OtherPrograms = noOthers,
): Renaming {
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
  const { documents, places: all, more } = placesOf(document, symbol, others);
  if (more)
    return refused(
      `more than ${MOST_PROGRAMS} programs of the workspace have a file where \`${symbol.name}\` stands, and each would be checked`,
    );
  // Senders keep the key that they write: a field that is read from JSON goes on reading it.
  const key = documents.map((each) => jsonNameEdit(each, symbol, name)).find((each) => each !== undefined);
  const places = all.filter(({ inMessage }) => key === undefined || inMessage !== true);
  const edits = [...places.map(({ span }) => ({ span, text: name })), ...(key === undefined ? [] : [key])];
  const warning = warningOf(symbol, name);
  for (const before of documents) {
    const after = edited(before, edits);
    const error = newError(before, after, edits);
    if (error !== undefined) return refused(`with the name \`${name}\` ${errorText(error, document)}`);
    if (!keepsMeaning(before, after, places, name))
      return refused(`\`${name}\` already has another meaning where \`${symbol.name}\` is used`);
  }
  return { kind: 'edits', edits, ...(warning === undefined ? {} : { warning }) };
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

/** A program with the edits made in its files. */
function edited(document: Document, edits: readonly Edit[]): Document {
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
  return openDocument(file, readFile, reusable(document));
}

/** An error that was not at this place before: of several the one with the lowest code, for types follow from names. */
function newError(before: Document, after: Document, edits: readonly Edit[]): Diagnostic | undefined {
  const known = new Set(
    errorsOf(before).map(({ code, primary: { span } }) => {
      const inFile = edits.filter((edit) => edit.span.file.name === span.file.name);
      return `${code} ${placeOf({ ...span, start: movedBy(inFile, span.start) })}`;
    }),
  );
  return errorsOf(after)
    .filter(({ code, primary }) => !known.has(`${code} ${placeOf(primary.span)}`))
    .toSorted((left, right) => (left.code < right.code ? -1 : 1))[0];
}

function errorsOf({ analysis }: Document): readonly Diagnostic[] {
  return analysis.findings.filter(({ severity }) => severity === 'error');
}

function errorText({ code, message, primary: { span } }: Diagnostic, { file }: Document): string {
  if (span.file.name === file.name) return `there is an error, ${code}: ${message}`;
  const { line, column } = positionAt(span.file, span.start);
  return `there is an error in ${span.file.name}:${line}:${column}, ${code}: ${message}`;
}

/** Whether after the edits every name still stands for what it stood for. */
function keepsMeaning(
  before: Document,
  after: Document,
  places: readonly Occurrence[],
  name: string,
): boolean {
  const kept = before.allOccurrences().filter(isKept);
  const now = after.allOccurrences().filter(isKept);
  if (now.length !== kept.length) return false;
  const renamed = new Set(places.map(({ span }) => placeOf(span)));
  // The n-th name before is the n-th after: an edit moves names, but never past each other.
  const firstBefore = firstPlaces(kept);
  const firstAfter = firstPlaces(now);
  return kept.every(
    ({ span, symbol }, at) =>
      firstBefore[at] === firstAfter[at] &&
      now[at]?.symbol.kind === symbol.kind &&
      (!renamed.has(placeOf(span)) || now[at].symbol.name === name),
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
    const key = declaration === undefined ? name : placeOf(declaration);
    const known = first.get(key);
    if (known === undefined) first.set(key, at);
    return known ?? at;
  });
}
