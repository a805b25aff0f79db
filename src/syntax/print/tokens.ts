import type { CstNode, IToken } from 'chevrotain';

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
