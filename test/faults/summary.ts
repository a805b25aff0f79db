import { listed, propertyList } from './balance.ts';
import type { QueueKind } from './options.ts';
import type { FaultRun } from './run-faults.ts';

/** What is kept of a round, which itself holds every message of it. */
export interface Round {
  readonly queue: QueueKind;
  readonly seed: number;
  /** What the round was like, by name. */
  readonly properties: string;
  readonly faults: ReadonlyMap<string, number>;
  readonly accepted: number;
  readonly completed: number;
  readonly superseded: number;
  readonly dead: number;
  readonly requests: number;
  readonly repeats: number;
  readonly starts: number;
  /** MB of the process that held most. */
  readonly peak: number;
  /** Seconds. */
  readonly disturbed: number;
  readonly recovery: number;
  readonly disagreements: number;
}

export function roundOf({ options, faults, sending, processes, state, times, wrong }: FaultRun): Round {
  const statuses = (wanted: string): number =>
    state.statuses.filter(({ status }) => status === wanted).length;
  return {
    queue: options.queue,
    seed: options.seed,
    properties: propertyList(options.properties),
    faults,
    accepted: sending.accepted.size,
    completed: statuses('completed'),
    superseded: statuses('superseded'),
    dead: statuses('dlq'),
    requests: sending.facts.requests,
    repeats: sending.facts.repeats,
    starts: processes.reduce((sum, { starts }) => sum + starts, 0),
    peak: Math.max(...processes.map(({ peak }) => peak)),
    disturbed: times.disturbed,
    recovery: times.recovery,
    disagreements: wrong.length,
  };
}

/** One line for each round, and what they come to, as Markdown. */
export function summary(rounds: readonly Round[]): string {
  const faults = new Map<string, number>();
  for (const round of rounds)
    for (const [kind, count] of round.faults) faults.set(kind, (faults.get(kind) ?? 0) + count);
  const total = (of: (round: Round) => number): number => rounds.reduce((sum, round) => sum + of(round), 0);
  const most = (of: (round: Round) => number): number => Math.max(...rounds.map(of));
  const kept = rounds.filter(({ disagreements }) => disagreements === 0).length;
  return [
    '| queue | seed | with | faults | accepted | completed | superseded | dead | repeated keys | recovered | verdict |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rounds.map((round) => `| ${cellsOf(round).join(' | ')} |`),
    '',
    `${kept} of ${rounds.length} rounds as promised; ${(total(({ disturbed }) => disturbed) / 60).toFixed(1)} minutes of faults, ` +
      `${countOf(faults)} of them (${listed(faults)}); ` +
      `${total(({ accepted }) => accepted)} messages accepted, ${total(({ requests }) => requests)} requests, ` +
      `${total(({ starts }) => starts)} starts of processes; ` +
      `slowest recovery ${most(({ recovery }) => recovery).toFixed(1)} s, most memory of a process ${most(({ peak }) => peak)} MB.`,
  ].join('\n');
}

function cellsOf(round: Round): readonly (string | number)[] {
  return [
    round.queue === 'jetstream' ? 'JetStream' : 'Postgres',
    round.seed,
    round.properties,
    countOf(round.faults),
    round.accepted,
    round.completed,
    round.superseded,
    round.dead,
    round.repeats,
    `${round.recovery.toFixed(1)} s`,
    round.disagreements === 0 ? 'as promised' : `${round.disagreements} disagreements`,
  ];
}

function countOf(faults: ReadonlyMap<string, number>): number {
  return [...faults.values()].reduce((sum, count) => sum + count, 0);
}
