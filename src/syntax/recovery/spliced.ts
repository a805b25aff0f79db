import type { IToken } from 'chevrotain';

/** The tokens with others in place of those in between. There may be a million of them, which no call takes as arguments. */
export function spliced(
  tokens: readonly IToken[],
  from: number,
  to: number,
  insert: readonly IToken[],
): readonly IToken[] {
  return [...tokens.slice(0, from), ...insert, ...tokens.slice(to)];
}
