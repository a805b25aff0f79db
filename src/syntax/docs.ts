import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { finding } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../text/source.ts';
import { tokenSpan } from './lower/context.ts';
import { IDLE_DOC } from './codes/structure.ts';
import { STRAY_CHARACTER } from './codes/words.ts';
import { sameLine } from './layout.ts';
import type { Declaration, MemberTree } from './tree.ts';

/** The doc comments by the offset of the token that follows them. */
export type Docs = ReadonlyMap<number, string>;

/**
 * Joins the lines of each doc comment and attaches them to the token that follows: its offset is the key. One behind
 * something on its line describes nothing. Both lists are in the order of the file.
 */
export function attachDocs(file: SourceFile, docs: readonly IToken[], tokens: readonly IToken[]): Docs {
  const attached = new Map<number, string>();
  let at = 0;
  for (const doc of docs) {
    while (at < tokens.length && (tokens[at]?.startOffset ?? 0) < doc.startOffset) at += 1;
    const next = tokens[at]?.startOffset;
    if (next === undefined) break;
    const previous = tokens[at - 1]?.startOffset;
    if (previous !== undefined && sameLine(file, previous, doc.startOffset)) continue;
    const line = doc.image.replace(/^\/\/\/ ?/, '').trimEnd();
    const before = attached.get(next);
    attached.set(next, before === undefined ? line : `${before}\n${line}`);
  }
  return attached;
}

/** The doc comments that nothing has, or that stand behind what they seem to describe. */
export function idleDocs(
  file: SourceFile,
  docs: readonly IToken[],
  tokens: readonly IToken[],
  declarations: readonly Declaration[],
): readonly Diagnostic[] {
  if (docs.length === 0) return [];
  const places = new Set(declarations.flatMap(placesOf));
  let at = 0;
  return docs.flatMap((doc) => {
    // Both lists are in the order of the file.
    while (at < tokens.length && (tokens[at]?.startOffset ?? 0) < doc.startOffset) at += 1;
    const next = tokens[at];
    const before = tokens[at - 1];
    const trails = before !== undefined && sameLine(file, before.startOffset, doc.startOffset);
    if (!trails && next !== undefined && places.has(next.startOffset)) return [];
    const message = trails
      ? 'a doc comment belongs to the item after it, not to the item before it'
      : 'no item follows this doc comment';
    const help = trails ? 'move it to the line before the item, or write `//`' : 'write `//`';
    return [finding(IDLE_DOC, tokenSpan(file, doc), message, { label: 'not attached to an item', help })];
  });
}

/** Doc comments reach the database, which stores no U+0000. */
export function unstorableDocs(file: SourceFile, docs: readonly IToken[]): readonly Diagnostic[] {
  return docs.flatMap(({ image, startOffset }) => {
    const at = image.indexOf('\0');
    if (at < 0) return [];
    const span = { file, start: startOffset + at, end: startOffset + at + 1 };
    return [
      finding(STRAY_CHARACTER, span, 'text cannot contain the character U+0000', { help: 'remove it' }),
    ];
  });
}

/** Where things begin that a doc comment can describe. */
function placesOf(declaration: Declaration): readonly number[] {
  const own = declaration.span.start;
  switch (declaration.kind) {
    case 'shape':
    case 'entity':
    case 'derive':
      return [own, ...declaration.members.filter(hasDoc).map(({ span }) => span.start)];
    case 'enum':
      return [own, ...declaration.members.map(({ span }) => span.start)];
    case 'lookup':
      return [own, ...declaration.fields.map(({ span }) => span.start)];
    case 'stream':
      return [own, ...declaration.subjects.map(({ span }) => span.start)];
    case 'pipeline':
    case 'import':
    case 'fn':
    case 'secret':
    case 'role':
    case 'test':
      return [own];
  }
}

function hasDoc({ kind }: MemberTree): boolean {
  return kind === 'field' || kind === 'store';
}
