/** Seconds since the epoch as a header has them; undefined where they are not written as a plain number. */
export function secondsOf(text: string): number | undefined {
  return /^[0-9]{1,12}$/.test(text) ? Number(text) : undefined;
}
