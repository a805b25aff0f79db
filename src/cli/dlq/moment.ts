import { usage } from '../exit.ts';

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A date, a timestamp with its offset, or a length of time before now; milliseconds since the epoch. */
export function momentOf(flag: string, text: string, now: number): number {
  const ago = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * (UNITS[ago[2] ?? ''] ?? 0);
  if (/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)) {
    const time = Date.parse(text);
    if (!Number.isNaN(time)) return time;
  }
  throw usage(
    `${flag}: expected a length of time such as 2h, a date, or a timestamp with an offset, got "${text}"`,
  );
}
