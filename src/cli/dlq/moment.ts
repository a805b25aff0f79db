import { durationOf } from '../duration.ts';
import { usage } from '../exit.ts';

/** A date, a timestamp with its offset, or a length of time before now; milliseconds since the epoch. */
export function momentOf(flag: string, text: string, now: number): number {
  const ago = durationOf(text);
  if (ago !== undefined) return now - ago;
  if (/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)) {
    const time = Date.parse(text);
    if (!Number.isNaN(time)) return time;
  }
  throw usage(
    `${flag}: expected a length of time such as 2h, a date, or a timestamp with an offset, got "${text}"`,
  );
}
