import type { IToken } from 'chevrotain';

/**
 * Joins the lines of each doc comment and attaches them to the token that follows: its offset is the key.
 * Both lists are in the order of the file.
 */
export function attachDocs(docs: readonly IToken[], tokens: readonly IToken[]): ReadonlyMap<number, string> {
  const attached = new Map<number, string>();
  let at = 0;
  for (const doc of docs) {
    while (at < tokens.length && (tokens[at]?.startOffset ?? 0) < doc.startOffset) at += 1;
    const next = tokens[at]?.startOffset;
    if (next === undefined) break;
    const line = doc.image.replace(/^\/\/\/ ?/, '').trimEnd();
    const before = attached.get(next);
    attached.set(next, before === undefined ? line : `${before}\n${line}`);
  }
  return attached;
}
