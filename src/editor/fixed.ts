import {
  LeftCurly,
  LeftParen,
  LeftSquare,
  RightCurly,
  RightParen,
  RightSquare,
  tokenize,
} from '../../grammar/tokens.ts';
import { chunksOf } from '../syntax/chunks.ts';
import type { Declaration } from '../syntax/tree.ts';
import type { Cursor } from './cursor.ts';
import type { Declared } from './declared.ts';
import { openDocument, reusable, type Document } from './document.ts';

/** The name that stands at the cursor; it means nothing, so it is never offered. */
export const PLACEHOLDER = '_';

/** What a half-typed declaration would mean if it were written to its end. */
export interface Fixed {
  readonly cursor: Cursor;
  readonly declared: Declared;
}

/** What the parser saves of a declaration that it cannot read is its name: aliases and parameters are lost. */
function lacksNames(declaration: Declaration | undefined): declaration is Declaration {
  if (declaration?.broken !== true) return false;
  if (declaration.kind === 'derive') return declaration.sources.length === 0;
  return declaration.kind === 'fn' && declaration.parameters.length === 0;
}

/**
 * Reads the file with a name at the cursor and every open bracket closed behind it, in place of the rest of the
 * declaration. Nothing where the declaration is known well enough, or is no better for it.
 */
export function fixedAt(document: Document, cursor: Cursor): Fixed | undefined {
  const { file } = document;
  const { declaration: broken, start } = cursor;
  if (!lacksNames(broken)) return undefined;
  const chunk = chunksOf(file, tokenize(file.text).tokens).findLast((each) => each.start <= start);
  const body = broken.kind === 'derive' && !cursor.before.some(isOpenBrace) ? ' {}' : '';
  const text = `${file.text.slice(0, start)}${PLACEHOLDER}${closing(cursor)}${body}\n${file.text.slice(chunk?.end ?? start)}`;
  const fixed = openDocument({ name: file.name, text }, document.readFile, reusable(document));
  const declaration = fixed.parsed.tree.declarations.find(({ span }) => span.start === broken.span.start);
  if (declaration === undefined || lacksNames(declaration)) return undefined;
  return { cursor: { ...cursor, declaration }, declared: fixed.declared() };
}

function isOpenBrace({ tokenType }: Cursor['before'][number]): boolean {
  return tokenType === LeftCurly;
}

/** The brackets that are open before the cursor, closed from the inside out. */
function closing({ before }: Cursor): string {
  const open: string[] = [];
  for (const { tokenType } of before) {
    if (tokenType === LeftCurly) open.unshift('}');
    else if (tokenType === LeftParen) open.unshift(')');
    else if (tokenType === LeftSquare) open.unshift(']');
    else if (tokenType === RightCurly || tokenType === RightParen || tokenType === RightSquare) open.shift();
  }
  return open.join('');
}
