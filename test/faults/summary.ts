import { listed } from './balance.ts';
import type { FaultRun } from './run-faults.ts';

/** One line for each round, and what they come to, as Markdown. */
export function summary(runs: readonly FaultRun[]): string {
  const faults = new Map<string, number>();
  for (const run of runs)
    for (const [kind, count] of run.faults) faults.set(kind, (faults.get(kind) ?? 0) + count);
  const total = (of: (run: FaultRun) => number): number => runs.reduce((sum, run) => sum + of(run), 0);
  const kept = runs.filter(({ wrong }) => wrong.length === 0).length;
  const peak = Math.max(...runs.flatMap(({ processes }) => processes.map((each) => each.peak)));
  const slowest = Math.max(...runs.map(({ times }) => times.recovery));
  return [
    '| queue | seed | faults | accepted | completed | superseded | dead | repeated keys | recovered | verdict |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...runs.map(
      (run) =>
        `| ${[
          run.options.queue === 'jetstream' ? 'JetStream' : 'Postgres',
          run.options.seed,
          countOf(run.faults),
          run.sending.accepted.size,
          statuses(run, 'completed'),
          statuses(run, 'superseded'),
          statuses(run, 'dlq'),
          run.sending.facts.repeats,
          `${run.times.recovery.toFixed(1)} s`,
          run.wrong.length === 0 ? 'as promised' : `${run.wrong.length} disagreements`,
        ].join(' | ')} |`,
    ),
    '',
    `${kept} of ${runs.length} rounds as promised; ${total(({ times }) => times.disturbed / 60).toFixed(0)} minutes of faults, ` +
      `${total(({ faults }) => countOf(faults))} of them (${listed(faults)}); ` +
      `${total(({ sending }) => sending.accepted.size)} messages accepted, ${total(({ sending }) => sending.facts.requests)} requests, ` +
      `${total(({ processes }) => processes.reduce((sum, { starts }) => sum + starts, 0))} starts of processes; ` +
      `slowest recovery ${slowest.toFixed(1)} s, most memory of a process ${peak} MB.`,
  ].join('\n');
}

function statuses({ state }: FaultRun, wanted: string): number {
  return state.statuses.filter(({ status }) => status === wanted).length;
}

function countOf(faults: ReadonlyMap<string, number>): number {
  return [...faults.values()].reduce((sum, count) => sum + count, 0);
}
