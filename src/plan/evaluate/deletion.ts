import type { RecordModel, StoreModel } from '../../model/program.ts';
import type { Value } from '../../types/value.ts';
import type { Row } from '../plan.ts';
import { compileExpression } from './expression.ts';
import { located, type Place } from './own-fields.ts';

/** Parts the rows of a record: those that are written, and those that are the deletion of their key. */
export type Deletion = (
  rows: readonly Row[],
  meta: Value,
) => { readonly kept: readonly Row[]; readonly deletes: readonly Row[] };

/** For a store with `delete when`; nothing for others. */
export function compileDeletion(record: RecordModel, store: StoreModel, place: Place): Deletion | undefined {
  const { deleteWhen } = record;
  if (store.upsert === undefined || deleteWhen === undefined) return undefined;
  const isDeleted = located(compileExpression(deleteWhen), record.name, place(deleteWhen.span));
  return (rows, meta) => {
    const kept: Row[] = [];
    const deletes: Row[] = [];
    for (const row of rows) (isDeleted([row, meta]) === true ? deletes : kept).push(row);
    return { kept, deletes };
  };
}
