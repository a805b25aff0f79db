import type { ColumnPlan, Row } from '../../../plan/plan.ts';
import { arrayLiteral } from '../../../types/array-literal.ts';
import type { Value } from '../../../types/value.ts';

/**
 * One Postgres array literal for each of the columns, over all rows: what an upsert's `unnest` takes. Built here and not
 * by the driver, which would quote each value twice and cost twice the time.
 */
export function columnLiterals(columns: readonly ColumnPlan[], rows: readonly Row[]): string[] {
  return columns.map((column, at) => literal(column, rows, at));
}

/** The same for chosen columns. */
export function chosenLiterals(
  columns: readonly ColumnPlan[],
  chosen: readonly number[],
  rows: readonly Row[],
): string[] {
  return chosen.map((at) => literal(columnAt(columns, at), rows, at));
}

/** The array literal of one column's values that do not stand in rows. */
export function valuesLiteral(columns: readonly ColumnPlan[], at: number, values: readonly Value[]): string {
  const { toElement } = columnAt(columns, at);
  return arrayLiteral(values.map((value) => toElement(value)));
}

function literal({ toElement }: ColumnPlan, rows: readonly Row[], at: number): string {
  return arrayLiteral(rows.map((row) => toElement(row[at] ?? null)));
}

function columnAt(columns: readonly ColumnPlan[], at: number): ColumnPlan {
  const column = columns[at];
  if (column === undefined) throw new Error(`the plan names a column ${at} that its table lacks`);
  return column;
}
