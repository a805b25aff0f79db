/**
 * How many cases a property draws: a quarter of them by default, the first ones of the same seed, so that all tests take
 * minutes; all with `PROPERTY_SEED=random`, or with the number of a run that printed it.
 */
export function runs(all: number): number {
  return process.env['PROPERTY_SEED'] === undefined ? Math.ceil(all / 4) : all;
}
