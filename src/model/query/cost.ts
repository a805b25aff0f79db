import { children, type Expression } from '../expression.ts';

/** So many nodes are evaluated for one constant, and so many characters may a text of it have, at most. */
const MAX_STEPS = 5_000;
const MAX_SIZE = 1_000_000;

/**
 * Whether a constant can be evaluated while a program is checked. Functions that call others twice take time without end after a few
 * levels, and so do texts that are put together twice. `sizes` are those of the longest value in each slot.
 */
export function isCheap(constant: Expression, sizes: readonly number[] = []): boolean {
  return sizeOf(constant, sizes, { steps: 0 }) <= MAX_SIZE;
}

/** More characters than the value has, or infinite where counting takes too long; `sizes` are those of the slots. */
function sizeOf(node: Expression, sizes: readonly number[], count: { steps: number }): number {
  count.steps += 1;
  if (count.steps > MAX_STEPS) return Infinity;
  if (node.kind === 'slot') return sizes[node.slot] ?? 0;
  if (node.kind === 'literal') return Array.isArray(node.value) ? MAX_SIZE : String(node.value).length;
  const parts: number[] = [];
  for (const child of children(node)) {
    const size = sizeOf(child, sizes, count);
    if (size > MAX_SIZE) return Infinity;
    parts.push(size);
  }
  if (node.kind === 'invoke') return sizeOf(node.called.body, parts, count);
  // One part of a call may stand between the characters of another.
  if (node.kind === 'call') return 50 + parts.reduce((product, size) => product * (size + 1), 1);
  return 50 + parts.reduce((sum, size) => sum + size, 0);
}
