import type { SourceFile } from '../text/source.ts';
import type { Edit } from './rename.ts';

/** The smallest single edit that makes one text of another, so that an editor keeps its cursor where it is. */
export function changedStretch(file: SourceFile, text: string): readonly Edit[] {
  const before = file.text;
  if (before === text) return [];
  const shorter = Math.min(before.length, text.length);
  let start = 0;
  // The texts differ, so that this ends at the end of the shorter one at the latest.
  while (before[start] === text[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
  const span = { file, start, end: before.length - tail };
  return [{ span, text: text.slice(start, text.length - tail) }];
}
