/** A setting that the bench gives to each program. */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** A number that a sweep may change: `BATCH=250 npm run bench -- --only peers --peers unnest`. */
export function tuned(name: string, best: number): number {
  return Number(process.env[name] ?? best);
}
