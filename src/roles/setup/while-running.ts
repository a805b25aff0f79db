import type { Plan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import type { KnownProgram, LiveProcesses, TableShape } from '../../ports/presence.ts';
import type { Difference } from '../../ports/queue.ts';
import type { Session } from '../../ports/store.ts';
import type { Demand, Repair } from './finding.ts';

/** Running processes of one other program, and what it writes, where that is known. */
interface Other {
  readonly processes: LiveProcesses;
  readonly known: KnownProgram | undefined;
}

/**
 * Rejects with a `Failure` that names processes and order where a repair would refuse what running workers of another
 * program write. Changes nothing; the repairs have not run.
 */
export async function refuseRepairs(session: Session, plan: Plan, repairs: readonly Repair[]): Promise<void> {
  if (!repairs.some(({ demand }) => demand !== undefined)) return;
  const others = (await othersOf(session, plan)).filter(({ processes }) => processes.consumes);
  const broken = repairs.flatMap(({ line, demand }) => {
    const hit = demand === undefined ? [] : others.filter(({ known }) => breaks(demand, known));
    return hit.length === 0 ? [] : [{ line, hit }];
  });
  refuse(
    plan,
    broken.map(({ line }) => line),
    broken.flatMap(({ hit }) => hit),
  );
}

/**
 * The same for the queue: subjects that are taken away, filters and numbers of partitions that change. What is only
 * added stands in nobody's way.
 */
export async function refuseQueueChanges(
  session: Session,
  plan: Plan,
  differences: readonly Difference[],
): Promise<void> {
  const lines = differences
    .filter((difference) => difference.fixable && takesAway(difference))
    .map(({ what, expected, found }) => `${what}: ${expected} instead of ${found}`);
  if (lines.length === 0) return;
  refuse(plan, lines, await othersOf(session, plan));
}

async function othersOf({ ledger }: Session, plan: Plan): Promise<readonly Other[]> {
  if (!(await ledger.processes.recorded())) return [];
  const live = (await ledger.processes.live(plan.pipeline)).filter(({ program }) => program !== plan.program);
  if (live.length === 0) return [];
  const programs = await ledger.programs.read(plan.pipeline, 0);
  return live.map((processes) => ({
    processes,
    known: programs.find(({ fingerprint }) => fingerprint === processes.program),
  }));
}

function refuse(plan: Plan, lines: readonly string[], others: readonly Other[]): void {
  if (others.length === 0) return;
  const processes = [...new Set(others.map(({ processes: one }) => one))];
  const programs = [...new Set(processes.map(({ program }) => program))];
  throw new Failure(
    'STILL_RUNNING',
    [
      'nothing was changed',
      ...lines.map((line) => `  ${line}`),
      'would refuse what these processes still write:',
      ...processes.map(({ role, program, count }) => `  role ${role}: ${count} of program ${program}`),
      `stop the processes of program ${programs.join(', ')}, or wait until they are replaced, and apply again; ` +
        `nomnom apply ${plan.file} --while-running applies anyway`,
    ].join('\n'),
  );
}

/** Whether a program that is not known well enough, or writes the table, may write what the demand refuses. */
function breaks(demand: Demand, known: KnownProgram | undefined): boolean {
  if (known === undefined) return true;
  const shape = known.tables[demand.table];
  return shape !== undefined && refuses(demand, shape);
}

function refuses(demand: Demand, { columns, unique, refs }: TableShape): boolean {
  switch (demand.kind) {
    case 'not-null':
      return columns[demand.column]?.nullable !== false;
    case 'allowed': {
      const column = columns[demand.column];
      if (column === undefined) return false;
      return column.allowed?.every((value) => demand.allowed.includes(value)) !== true;
    }
    case 'unique':
      return !unique.includes(demand.columns.join());
    case 'ref':
      return !refs.includes(demand.columns.join());
  }
}

const NARROWING = /(^partitions of )|(, (subjects|filter|filter_subject)$)/;

function takesAway({ what, expected, found }: Difference): boolean {
  if (!NARROWING.test(what)) return false;
  if (!what.endsWith(', subjects')) return true;
  const kept = new Set(expected.split(', '));
  return found.split(', ').some((subject) => !kept.has(subject));
}
