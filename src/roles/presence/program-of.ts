import type { Plan, TablePlan } from '../../plan/plan.ts';
import type { Program, TableShape } from '../../ports/presence.ts';

/** What other programs have to know of the plan's program. */
export function programOf({ pipeline, program, entities, tables }: Plan): Program {
  return {
    pipeline,
    fingerprint: program,
    entities: Object.fromEntries(entities.map(({ name, fingerprint }) => [name, fingerprint])),
    tables: Object.fromEntries(tables.map((table) => [table.id, shapeOf(table)])),
  };
}

function shapeOf({ columns, constraints, refs }: TablePlan): TableShape {
  return {
    columns: Object.fromEntries(
      columns.map(({ name, nullable, allowed }) => [
        name,
        { nullable, ...(allowed === undefined ? {} : { allowed }) },
      ]),
    ),
    unique: constraints.map((constraint) => constraint.columns.join()),
    refs: refs.filter(({ soft }) => !soft).map((ref) => ref.columns.join()),
  };
}
