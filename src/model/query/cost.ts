import { LONGEST_TEXT } from '../../functions/support/long-text.ts';
import { children, type Expression } from '../expression.ts';

/** So many nodes are evaluated for one constant, and so many characters may a text of it have, at most. */
const MAX_STEPS = 5_000;
const MAX_SIZE = 1_000_000;

/** So many characters may the long constants of a program have together: what is evaluated of them. */
export interface LongTexts {
  left: number;
}

/** Memory and time for a few constants that are as long as a text can be; a program that has more is checked without them. */
export function longTexts(): LongTexts {
  return { left: 8 * LONGEST_TEXT };
}

/**
 * Whether a constant can be evaluated while a program is checked. Functions that call others twice take time without end after a few
 * levels, and so do texts that are put together twice. `sizes` are those of the longest value in each slot. One that is long, but only
 * puts texts together, takes its characters from `long`.
 */
export function isCheap(constant: Expression, sizes: readonly number[] = [], long?: LongTexts): boolean {
  if (sizeOf(constant, sizes, { steps: 0, made: 0, most: MAX_SIZE }) <= MAX_SIZE) return true;
  if (long === undefined) return false;
  const count = { steps: 0, made: 0, most: LONGEST_TEXT };
  if (sizeOf(constant, sizes, count) === Infinity || count.made > long.left) return false;
  long.left -= count.made;
  return true;
}

interface Count {
  steps: number;
  /** The characters of all texts on the way. */
  made: number;
  /** No text may be longer. */
  readonly most: number;
}

/** More characters than the value has, or infinite where counting takes too long; `sizes` are those of the slots. */
function sizeOf(node: Expression, sizes: readonly number[], count: Count): number {
  count.steps += 1;
  if (count.steps > MAX_STEPS) return Infinity;
  if (node.kind === 'slot') return sizes[node.slot] ?? 0;
  if (node.kind === 'literal') return Array.isArray(node.value) ? MAX_SIZE : String(node.value).length;
  const parts: number[] = [];
  for (const child of children(node)) {
    const size = sizeOf(child, sizes, count);
    if (size > count.most) return Infinity;
    parts.push(size);
  }
  if (node.kind === 'invoke') return sizeOf(node.called.body, parts, count);
  const size = ownSize(node, parts);
  if (size <= MAX_SIZE || count.most === MAX_SIZE) return size;
  // What puts texts together refuses to make a longer one; others may take a long time, or the memory of a list.
  if (node.kind !== 'call' || !TOGETHER.has(node.callee)) return Infinity;
  const made = Math.min(size, count.most);
  count.made += made;
  return made;
}

const TOGETHER: ReadonlySet<string> = new Set(['concat', 'replace']);

function ownSize(node: Expression, parts: readonly number[]): number {
  // One part of a call may stand between the characters of another.
  if (node.kind === 'call' && node.callee !== 'concat')
    return 50 + parts.reduce((product, size) => product * (size + 1), 1);
  return 50 + parts.reduce((sum, size) => sum + size, 0);
}
