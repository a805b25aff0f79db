import type { RefPlan, TablePlan } from './plan.ts';

/** The refs that are a constraint in the database. */
export function hardRefs(table: TablePlan): readonly RefPlan[] {
  return table.refs.filter(({ soft }) => !soft);
}
