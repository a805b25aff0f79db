import type { Plan, Row } from '../../plan/plan.ts';
import type { Tables } from './tables.ts';

/**
 * Which row of a table has certain values in columns of a `key` or `unique`. Rows are noted as they are written; what
 * became of one since is asked of the tables, so that deletions need not be told.
 */
export interface KeyIndex {
  /** Takes rows that were written just now. */
  readonly note: (rows: readonly Row[], tables: Tables) => void;
  /** The row that has these values now. */
  readonly holder: (values: string, tables: Tables) => Row | undefined;
  /** The values of a row as a text that equal ones share. */
  readonly valuesOf: (row: Row) => string;
}

export function keyIndex(plan: Plan, table: number, columns: readonly number[]): KeyIndex {
  const rows = new Map<string, Row>();
  const valuesOf = (row: Row): string => JSON.stringify(shownValues(plan, table, columns, row));
  return {
    note: (written, tables) => {
      for (const each of written) {
        const row = tables.rowLike(table, each);
        if (row !== undefined) rows.set(valuesOf(row), row);
      }
    },
    holder: (values, tables) => {
      const noted = rows.get(values);
      const row = noted === undefined ? undefined : tables.rowLike(table, noted);
      return row !== undefined && valuesOf(row) === values ? row : undefined;
    },
    valuesOf,
  };
}

/** Values as `nomnom eval` prints them, which are equal where Postgres finds them so. */
export function shownValues(
  plan: Plan,
  table: number,
  columns: readonly number[],
  row: Row,
): readonly unknown[] {
  return columns.map((column) => plan.tables[table]?.columns[column]?.toJson(row[column] ?? null));
}

/** The places of columns in the rows of a table. */
export function placesOf(plan: Plan, table: number, names: readonly string[]): readonly number[] {
  return names.map((name) => plan.tables[table]?.columns.findIndex((column) => column.name === name) ?? -1);
}
