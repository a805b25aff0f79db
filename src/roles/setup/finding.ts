import type { Change } from '../../plan/change.ts';
import type { TablePlan } from '../../plan/plan.ts';
import { tableName } from '../../plan/table-name.ts';
import type { Difference } from '../../ports/queue.ts';

/** The order in which repairs run: what later ones stand on comes first. */
export const PHASES = ['schema', 'table', 'column', 'constraint', 'index', 'ref', 'comment'] as const;

export type Phase = (typeof PHASES)[number];

/** Changes that fix one difference without losing anything. */
export interface Repair {
  readonly phase: Phase;
  /** What it does, for a person: `table orders: add column note text`. */
  readonly line: string;
  readonly changes: readonly Change[];
  /** What it asks of whoever writes the table, where that may be more than before. */
  readonly demand?: Demand;
  /** Whether the program works without it: rows that it does not fit leave it undone. */
  readonly optional?: true;
}

/** `table` as SQL names it. */
export type Demand = { readonly table: string } & (
  | { readonly kind: 'not-null'; readonly column: string }
  | { readonly kind: 'allowed'; readonly column: string; readonly allowed: readonly string[] }
  | { readonly kind: 'unique' | 'ref'; readonly columns: readonly string[] }
);

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
  /** The server takes everything that the plan writes, and more. */
  readonly tolerable?: boolean;
}

/** A difference of one table. The user's own tables are never repaired. */
export function mismatch(
  table: TablePlan,
  { code, part, expected, found, tolerable = false }: Mismatch,
  repair?: Repair,
): Finding {
  const fixable = repair !== undefined && !table.existing;
  const difference: Difference = {
    code: code ?? 'NOM902',
    what: part === undefined ? tableLabel(table) : `${tableLabel(table)}, ${part}`,
    expected,
    found,
    fixable,
    ...(tolerable ? { tolerable } : {}),
  };
  return fixable ? { difference, repair } : { difference };
}

export function repairOf(
  table: TablePlan,
  phase: Phase,
  does: string,
  ...changes: readonly Change[]
): Repair {
  return { phase, line: `${tableLabel(table)}: ${does}`, changes };
}

export function tableLabel(table: TablePlan): string {
  return `table ${tableName(table)}`;
}

/** `(a, b)`, for people. */
export function listed(columns: readonly (string | null)[]): string {
  return `(${columns.map((column) => column ?? 'an expression').join(', ')})`;
}

export function sameColumns(left: readonly (string | null)[], right: readonly string[]): boolean {
  return left.length === right.length && right.every((column) => left.includes(column));
}
