import type { Plan, TablePlan } from '../../plan/plan.ts';

/** What a program writes into a table, so far as another program's changes of the table may refuse it. */
export interface TableShape {
  readonly columns: Readonly<Record<string, ColumnShape>>;
  /** Unique keys that the program itself asks for, `a,b`. */
  readonly unique: readonly string[];
  /** Columns for which the program itself asks for a foreign key, `a,b`. */
  readonly refs: readonly string[];
}

export interface ColumnShape {
  /** Whether the program may write null. */
  readonly nullable: boolean;
  /** The strings that it may write, of an enum. */
  readonly allowed?: readonly string[];
}

/** By `sqlName`. */
export function shapeOf({ tables }: Plan): Readonly<Record<string, TableShape>> {
  return Object.fromEntries(tables.map((table) => [table.sqlName, shapeOfTable(table)]));
}

function shapeOfTable({ columns, constraints, refs }: TablePlan): TableShape {
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
