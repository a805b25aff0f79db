import type { Span } from '../text/source.ts';

/** A part of a syntax tree with its place. */
export interface TreePart {
  readonly kind?: string;
  readonly span: Span;
}

/** Calls `visit` for every part of a tree that has a place, outermost first; it goes on inside where that gives true. */
export function eachPart(tree: unknown, visit: (part: TreePart) => boolean): void {
  if (typeof tree !== 'object' || tree === null) return;
  if (Array.isArray(tree)) {
    for (const each of tree) eachPart(each, visit);
    return;
  }
  if ('span' in tree && !visit(tree as TreePart)) return;
  for (const key in tree) if (key !== 'span') eachPart((tree as Record<string, unknown>)[key], visit);
}
