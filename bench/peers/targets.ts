import { median, type Ratio } from '../figures.ts';
import type { DrainRound } from './drain-round.ts';

/** Rounds by the name of their contestant, in the order in which they ran. */
export type Rounds = Readonly<Record<string, readonly DrainRound[]>>;

type Measured = keyof Omit<DrainRound, 'stored'>;

export function middle(rounds: readonly DrainRound[] = [], of: Measured): number {
  return median(rounds.map((round) => round[of]));
}

/** The median of what each repetition gave, as the two ran one after the other. */
export function quotient(
  left: readonly DrainRound[] = [],
  right: readonly DrainRound[] = [],
  of: Measured,
): number {
  return median(left.map((round, at) => round[of] / (right[at]?.[of] ?? Number.NaN)));
}

/** What is promised of nomnom beside its peers; only where both took part. */
export function targets(rounds: Rounds, limits: readonly number[]): readonly Ratio[] {
  const one = rounds['nomnom'];
  const two = rounds['nomnom-2'];
  const better = Math.min(
    ...['unnest', 'recordset'].flatMap((name) =>
      rounds[name] === undefined ? [] : [quotient(one, rounds[name], 'rate')],
    ),
  );
  const ofLimit = median((one ?? []).map(({ rate }, at) => rate / (limits[at] ?? Number.NaN)));
  const all: readonly Ratio[] = [
    { what: 'nomnom / the better of unnest and recordset', value: better, target: 1.25 },
    { what: 'nomnom / the SQL limit', value: ofLimit, target: 0.7 },
    { what: 'client, µs for each order', value: middle(one, 'client'), target: 25, most: true },
    { what: 'Postgres, µs for each order', value: middle(one, 'postgres'), target: 46, most: true },
    { what: 'memory of the worker, MB', value: middle(one, 'memory'), target: 200, most: true },
    { what: 'two workers / one', value: quotient(two, one, 'rate'), target: 0.97 },
    ...(['client', 'postgres'] as const).map((of): Ratio => {
      const where = of === 'client' ? 'clients' : 'Postgres';
      return {
        what: `two workers / one, processor of the ${where}`,
        value: quotient(two, one, of),
        target: 1,
        most: true,
      };
    }),
    {
      what: 'nomnom, queue in Postgres / pg-boss',
      value: quotient(rounds['nomnom-pg'], rounds['pg-boss'], 'rate'),
      target: 1.5,
    },
  ];
  return all.filter(({ value }) => Number.isFinite(value));
}
