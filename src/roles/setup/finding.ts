import type { TablePlan } from '../../plan/plan.ts';
import type { Difference } from '../../ports/queue.ts';

/** The order in which repairs run: what later ones stand on comes first. */
export const PHASES = ['schema', 'table', 'column', 'constraint', 'index', 'ref', 'comment'] as const;

export type Phase = (typeof PHASES)[number];

/** Statements that mend one difference without losing anything. */
export interface Repair {
  readonly phase: Phase;
  /** What it does, for a person: `table orders: add column note text`. */
  readonly line: string;
  readonly statements: readonly string[];
}

/** A difference, with its repair where nomnom may make one. A repair alone is a comment that no start depends on. */
export interface Finding {
  readonly difference?: Difference;
  readonly repair?: Repair;
}

export interface Mismatch {
  readonly code?: 'NOM901' | 'NOM902';
  /** Behind the table's name: `column status`. */
  readonly part?: string;
  readonly expected: string;
  readonly found: string;
}

/** A difference of one table. The user's own tables are never repaired. */
export function mismatch(
  table: TablePlan,
  { code, part, expected, found }: Mismatch,
  repair?: Repair,
): Finding {
  const mendable = repair !== undefined && !table.existing;
  const difference: Difference = {
    code: code ?? 'NOM902',
    what: part === undefined ? tableLabel(table) : `${tableLabel(table)}, ${part}`,
    expected,
    found,
    mendable,
  };
  return mendable ? { difference, repair } : { difference };
}

export function repairOf(
  table: TablePlan,
  phase: Phase,
  does: string,
  ...statements: readonly string[]
): Repair {
  return { phase, line: `${tableLabel(table)}: ${does}`, statements };
}

export function tableLabel({ schema, name }: TablePlan): string {
  return `table ${schema === undefined ? name : `${schema}.${name}`}`;
}

/** `(a, b)`, for people. */
export function listed(columns: readonly (string | null)[]): string {
  return `(${columns.map((column) => column ?? 'an expression').join(', ')})`;
}

export function sameColumns(left: readonly (string | null)[], right: readonly string[]): boolean {
  return left.length === right.length && right.every((column) => left.includes(column));
}
