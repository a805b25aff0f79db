import type { TokenType } from 'chevrotain';
import {
  LeftCurly,
  LeftParen,
  LeftSquare,
  RightCurly,
  RightParen,
  RightSquare,
} from '../../grammar/tokens.ts';

const closes = new Map([
  [LeftCurly, RightCurly],
  [LeftParen, RightParen],
  [LeftSquare, RightSquare],
]);
const closing = new Set(closes.values());

/**
 * Takes words in their order, each with its place: for a closing bracket it gives the place of the bracket that it closes. A
 * bracket without its other half has no pair, and hides none.
 */
export function bracketPairs<Place>(): (type: TokenType, place: Place) => Place | undefined {
  const open: { readonly closedBy: TokenType; readonly place: Place }[] = [];
  return (type, place) => {
    const closedBy = closes.get(type);
    if (closedBy !== undefined) open.push({ closedBy, place });
    if (!closing.has(type)) return undefined;
    const at = open.findLastIndex((each) => each.closedBy === type);
    const first = open[at];
    if (first === undefined) return undefined;
    open.length = at;
    return first.place;
  };
}
