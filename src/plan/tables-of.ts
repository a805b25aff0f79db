import type { Plan, TablePlan } from './plan.ts';

/**
 * Every table that must be there for a plan: those of the pipeline, at their indexes in `plan.tables`, and behind them
 * nomnom's own that go with one of these.
 */
export function tablesOf(plan: Pick<Plan, 'tables'>): readonly TablePlan[] {
  return [...plan.tables, ...plan.tables.flatMap((table) => table.delete?.tombstones?.table ?? [])];
}

/** A table that a ref of the plan names by its index. */
export function tableAt(plan: Pick<Plan, 'tables'>, index: number): TablePlan {
  const table = plan.tables[index];
  if (table === undefined) throw new Error(`the plan has no table ${index}`);
  return table;
}
