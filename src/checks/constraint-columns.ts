import type { ColumnName, ConstraintModel, FieldModel, RecordModel, StoreModel } from '../model/program.ts';

/** `(order_key, line_number)` */
export function listed(columns: readonly ColumnName[]): string {
  return `(${columns.map((column) => column.name).join(', ')})`;
}

/** The key or unique on exactly these columns, in any order. */
export function constraintOn(store: StoreModel, columns: readonly ColumnName[]): ConstraintModel | undefined {
  // No name stands twice in either, and mostly each stands in its place.
  const has = (name: string, at: number): boolean =>
    columns[at]?.name === name || columns.some((column) => column.name === name);
  return store.keys.find(
    (each) =>
      each.columns.length === columns.length && each.columns.every((column, at) => has(column.name, at)),
  );
}

/** Whether every column was found: otherwise its name was reported already. */
export function resolved(columns: readonly ColumnName[]): boolean {
  return columns.every((column) => column.field !== undefined);
}

/** The fields of a writer that fill these columns; a store that several share has its own field for each column. */
export function writtenFields(writer: RecordModel, columns: readonly ColumnName[]): readonly FieldModel[] {
  return columns.flatMap((column) => writer.fields.find((field) => field.name === column.name) ?? []);
}
