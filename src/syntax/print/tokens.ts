import type { CstNode, IToken } from 'chevrotain';
import * as t from '../../../grammar/tokens.ts';

/** A node of the concrete tree with its parts in the order of the file. */
export interface OrderedNode {
  readonly rule: string;
  readonly parts: readonly (OrderedNode | IToken)[];
}

export function isToken(part: OrderedNode | IToken): part is IToken {
  return 'image' in part;
}

/** The parts of a concrete node come by label; a printer needs them as they were written. */
export function ordered(node: CstNode): OrderedNode {
  const parts = Object.values(node.children)
    .flat()
    .map((part) => ('image' in part ? part : ordered(part)))
    // A repetition that matched nothing leaves a node without tokens.
    .filter((part) => isToken(part) || part.parts.length > 0);
  return { rule: node.name, parts: parts.sort((left, right) => startOf(left) - startOf(right)) };
}

function startOf(part: OrderedNode | IToken): number {
  if (isToken(part)) return part.startOffset;
  const [first] = part.parts;
  return first === undefined ? 0 : startOf(first);
}

/** The token that a part begins with: no node is without tokens, except that of an empty file. */
export function firstToken(part: OrderedNode | IToken): IToken | undefined {
  if (isToken(part)) return part;
  const [first] = part.parts;
  return first === undefined ? undefined : firstToken(first);
}

export function opensBrackets({ tokenType }: IToken): boolean {
  return tokenType === t.LeftCurly || tokenType === t.LeftParen || tokenType === t.LeftSquare;
}

export function closesBrackets({ tokenType }: IToken): boolean {
  return tokenType === t.RightCurly || tokenType === t.RightParen || tokenType === t.RightSquare;
}
