import type { RecordModel } from '../../model/program.ts';
import type { Value } from '../../types/value.ts';
import type { DeletedRow, Row } from '../plan.ts';
import { compileExpression } from './expression.ts';
import { located, type Place } from './own-fields.ts';

/** Parts the rows of a record: those that are written, and those that are the deletion of their key. */
export type Deletion = (
  rows: readonly Row[],
  meta: Value,
) => { readonly kept: readonly Row[]; readonly deletes: readonly DeletedRow[] };

/** For a store with `delete when`; nothing for others. */
export function compileDeletion(record: RecordModel, place: Place): Deletion | undefined {
  const { store, deleteWhen } = record;
  if (store?.upsert === undefined || deleteWhen === undefined) return undefined;
  const { columns, action } = store.upsert;
  const placeOf = (name: string): number => record.fields.findIndex((field) => field.name === name);
  const key = columns.map((column) => placeOf(column.name));
  const version = action.kind === 'newest' ? placeOf(action.by.name) : undefined;
  const isDeleted = located(compileExpression(deleteWhen), record.name, place(deleteWhen.span));
  return (rows, meta) => {
    const kept: Row[] = [];
    const deletes: DeletedRow[] = [];
    for (const row of rows)
      if (isDeleted([row, meta]) !== true) kept.push(row);
      else {
        const values = key.map((index) => row[index] ?? null);
        deletes.push(
          version === undefined ? { key: values } : { key: values, version: row[version] ?? null },
        );
      }
    return { kept, deletes };
  };
}
