import type { BatchElements } from './batch-elements.ts';

/** Counts the elements of a batch as they are taken; the request itself is counted, and stands for the first one. */
export function countedElements(elements: BatchElements, owe: (messages: number) => void): BatchElements {
  let counted = 1;
  return {
    next(count, bytes) {
      const next = elements.next(count, bytes);
      const more = Math.max(0, next.elements.length - counted);
      counted = Math.max(0, counted - next.elements.length);
      if (more > 0) owe(more);
      return next;
    },
  };
}
