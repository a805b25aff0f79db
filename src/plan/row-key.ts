import type { Row, TablePlan } from './plan.ts';
import { tableName } from './table-name.ts';
import type { Value } from '../types/value.ts';

export type CompareRows = (left: Row, right: Row) => number;

/** The order of rows by their conflict key, nulls last; 0 means that Postgres sees a conflict. */
export function compareByKey(table: TablePlan): CompareRows {
  const parts = table.upsert.key.map((column) => compareColumn(table, column));
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  return (left, right) => {
    for (const part of parts) {
      const order = part(left, right);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function compareColumn(table: TablePlan, column: number): CompareRows {
  const plan = table.columns[column];
  if (plan === undefined) throw new Error(`${tableName(table)} has no column ${column}`);
  const { compare } = plan;
  return (left, right) => {
    const a = left[column] ?? null;
    const b = right[column] ?? null;
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return compare(a, b);
  };
}

/** The values as one key of a `Map`: equal where the values are equal. One value stands for itself. */
export function mapKey(values: readonly Value[]): unknown {
  if (values.length === 1) return values[0];
  // No text holds U+0000, so it separates.
  return values.map((value) => (value === null ? 'null' : `=${String(value)}`)).join('\0');
}

/** The same for some columns of a row. */
export function rowMapKey(row: Row, columns: readonly number[]): unknown {
  const [only] = columns;
  if (only !== undefined && columns.length === 1) return row[only];
  return mapKey(columns.map((column) => row[column] ?? null));
}

/** Whether two rows have the same non-list values in these columns. */
export function sameIn(left: Row, right: Row, columns: readonly number[]): boolean {
  return columns.every((column) => left[column] === right[column]);
}
