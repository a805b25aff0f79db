import type { Value } from './value.ts';

/** Order of two values that are texts, by UTF-16 units; also that of dates, times and ids, whose one form sorts as they do. */
export function compareTexts(left: Value, right: Value): number {
  const [a, b] = [left as string, right as string];
  return a < b ? -1 : a === b ? 0 : 1;
}
