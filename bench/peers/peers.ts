import type { Bench, Outcome } from '../bench.ts';
import { median } from '../figures.ts';
import { sqlLimit } from '../sql-limit.ts';
import { contestants, type Contestant } from './contestants.ts';
import { drainRound, type DrainRound } from './drain-round.ts';
import { middle, quotient, type Rounds, targets } from './targets.ts';

const SQL_LIMIT = 'sql-limit';

/**
 * nomnom and its peers drain the same orders on the same servers, in turn, so that whatever else the machine does hits all
 * of them. A peer that stores other rows than nomnom fails the run.
 */
export async function peers(bench: Bench, names: readonly string[] | undefined): Promise<Outcome> {
  const unknown = names?.find(
    (name) => name !== SQL_LIMIT && contestants.every((each) => each.name !== name),
  );
  const known = [...contestants.map((each) => each.name), SQL_LIMIT].join(', ');
  if (unknown !== undefined) throw new Error(`there is no peer ${unknown}: ${known}`);
  const chosen = (name: string) => names === undefined || name === 'nomnom' || names.includes(name);
  const able = (contestant: Contestant) => chosen(contestant.name) && contestant.missing?.() === undefined;
  const taking = contestants.filter(able);
  const missing = contestants.flatMap(({ name, missing }) => {
    const why = chosen(name) ? missing?.() : undefined;
    return why === undefined ? [] : [`${name} is left out: ${why}`];
  });
  const rounds: Record<string, DrainRound[]> = {};
  const limits: number[] = [];
  for (let repeat = 0; repeat < bench.repeats; repeat += 1) {
    for (const contestant of taking) {
      const round = await drainRound(bench, contestant);
      (rounds[contestant.name] ??= []).push(round);
      mustStoreTheSame(contestant, round, rounds['nomnom']?.[0], bench.orders.length);
    }
    if (chosen(SQL_LIMIT)) limits.push(bench.orders.length / (await sqlLimit(bench)));
  }
  return {
    figures: [],
    notes: [...table(taking, rounds, limits), ...missing],
    ratios: targets(rounds, limits),
  };
}

function mustStoreTheSame(
  { name }: Contestant,
  { stored }: DrainRound,
  first: DrainRound | undefined,
  count: number,
): void {
  if (stored.count !== count || stored.hash !== first?.stored.hash)
    throw new Error(`${name} stored ${stored.count} orders of ${count}, or other rows than nomnom`);
}

function table(taking: readonly Contestant[], rounds: Rounds, limits: readonly number[]): readonly string[] {
  const line = (what: string, cells: readonly string[]) =>
    `${what.padEnd(48)}${cells.map((cell) => cell.padStart(11)).join('')}`;
  const whole = (value: number) => (Number.isNaN(value) ? '-' : Math.round(value).toLocaleString('en'));
  return [
    line('µs of processor for each order: client / Postgres / NATS', [
      'orders/s',
      '÷ nomnom',
      'client',
      'Postgres',
      'NATS',
      'MB',
    ]),
    ...taking.map(({ name, what }) => {
      const of = (key: keyof Omit<DrainRound, 'stored'>) => middle(rounds[name], key);
      return line(what, [
        whole(of('rate')),
        quotient(rounds[name], rounds['nomnom'], 'rate').toFixed(2),
        ...[of('client'), of('postgres'), of('nats'), of('memory')].map(whole),
      ]);
    }),
    ...(limits.length === 0 ? [] : [line('SQL limit from temporary tables', [whole(median(limits))])]),
  ];
}
