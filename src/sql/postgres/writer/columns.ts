import type { ColumnPlan, TablePlan } from '../../../plan/plan.ts';
import { quoteIdentifier } from '../identifier.ts';
import { type Carrier, carrierOf, carrierOfSums } from '../parameters.ts';

/** A column of a table that its plan names by its index. */
export function columnAt({ name, columns }: TablePlan, index: number): ColumnPlan {
  const column = columns[index];
  if (column === undefined) throw new Error(`the plan of ${name} names a column ${index} that it lacks`);
  return column;
}

export function nameOf(table: TablePlan, index: number): string {
  return quoteIdentifier(columnAt(table, index).name);
}

/** `$2::integer[]`, for the parameter at `place`, from 0. */
export function arrayParameter(table: TablePlan, index: number, place: number): string {
  return `$${place + 1}::${carrierAt(table, index).type}[]`;
}

/**
 * The rows of a statement that has an array for each column of the table, as `s(c1, c2, …)`. In a list of columns Postgres takes the
 * next element of each array for each row; in FROM it would copy every array into a table of its own first.
 */
export function sentRows(table: TablePlan): string {
  const elements = table.columns.map(
    (_, index) => `unnest(${arrayParameter(table, index, index)}) AS c${index + 1}`,
  );
  return `(SELECT ${elements.join(', ')}) AS s`;
}

/** What carries the values of a column to the table. */
export function carrierAt(table: TablePlan, index: number): Carrier {
  const { action } = table.upsert;
  const added = action.kind === 'add' && action.columns.includes(index);
  return (added ? carrierOfSums : carrierOf)(columnAt(table, index));
}

/** Whether two expressions of a column's type are the same value, nulls included where the column may have them. */
export function sameValue(table: TablePlan, index: number, left: string, right: string): string {
  return `${left} ${columnAt(table, index).nullable ? 'IS NOT DISTINCT FROM' : '='} ${right}`;
}

/** `c1, c2, c3` */
export function numbered(letter: string, list: readonly unknown[]): string {
  return list.map((_, place) => `${letter}${place + 1}`).join(', ');
}

/** The column of `newest by`. */
export function versionOf({ upsert: { action } }: TablePlan): number | undefined {
  return action.kind === 'newest' ? action.by : undefined;
}
