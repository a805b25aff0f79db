import type { Plan, TablePlan } from '../../plan/plan.ts';

/**
 * Every table that must be there for a plan: those of the pipeline, at their indexes in `plan.tables`, and behind them
 * nomnom's own that go with one of these.
 */
export function tablesOf(plan: Plan): readonly TablePlan[] {
  return [...plan.tables, ...plan.tables.flatMap((table) => table.delete?.tombstones?.table ?? [])];
}
