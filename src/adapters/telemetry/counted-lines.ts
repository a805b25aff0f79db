/** Milliseconds between two lines of one reason. */
const EVERY = 1_000;

/**
 * For what may happen thousands of times a second: the first of a reason is told at once, and those of each second after it by one call
 * with their count. Reasons are few: names of the program, never of a stranger.
 */
export function countedLines(tell: (reason: string, count: number) => void): (reason: string) => void {
  /** How often each happened since its last line. */
  const counts = new Map<string, number>();
  const look = (reason: string): void => {
    const count = counts.get(reason) ?? 0;
    if (count === 0) counts.delete(reason);
    else write(reason, count);
  };
  const write = (reason: string, count: number): void => {
    tell(reason, count);
    counts.set(reason, 0);
    setTimeout(look, EVERY, reason).unref();
  };
  return (reason) => {
    const count = counts.get(reason);
    if (count === undefined) write(reason, 1);
    else counts.set(reason, count + 1);
  };
}
