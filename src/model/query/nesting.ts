import type { SourceModel } from '../program.ts';

/** Whether a source is a list or an object in the rows of another one, directly or through others. */
export function isInside(sources: readonly SourceModel[], slot: number, outer: number): boolean {
  const from = sources[slot]?.from;
  if (from?.kind !== 'list') return false;
  return from.parent === outer || isInside(sources, from.parent, outer);
}

/** Whether a source has `each`, or stands in the rows of one that has. */
export function isRepeated(sources: readonly SourceModel[], slot: number): boolean {
  const source = sources[slot];
  if (source === undefined) return false;
  if (source.mode === 'each') return true;
  return source.from.kind === 'list' && isRepeated(sources, source.from.parent);
}
