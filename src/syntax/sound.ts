import type { IToken } from 'chevrotain';
import { mistakes, TextLiteral } from '../../grammar/tokens.ts';

const MISTAKES: readonly boolean[] = indexed();

/** By the index of a kind of token: a large file has too many tokens to look each up in a set. */
function indexed(): readonly boolean[] {
  const all: boolean[] = [];
  for (const { tokenTypeIdx = 0 } of Object.values(mistakes)) all[tokenTypeIdx] = true;
  return all;
}

/** Whether every token is one that the grammar knows, so that there is nothing to fix in any. */
export function areSound(tokens: readonly IToken[]): boolean {
  return tokens.every(
    (token) =>
      MISTAKES[token.tokenTypeIdx] !== true &&
      (token.tokenType !== TextLiteral || badEscapeIn(token.image) === undefined),
  );
}

/** The first part of a text that JSON does not allow; nothing where the text is sound. */
export function badEscapeIn(image: string): { readonly part: string; readonly index: number } | undefined {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (!/[\\\u0000-\u001F]/.test(image)) return undefined;
  // oxlint-disable-next-line no-control-regex -- as above
  const parts = image.matchAll(/\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})|\\u[0-9A-Fa-f]{0,3}|\\.|[\u0000-\u001F]/gu);
  for (const { 0: part, index } of parts)
    if (!/^\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})$/.test(part)) return { part, index };
  return undefined;
}
