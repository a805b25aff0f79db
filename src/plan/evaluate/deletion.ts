import type { RecordModel } from '../../model/program.ts';
import { compileExpression } from './expression.ts';
import type { Run } from './frame.ts';
import { located, type Place } from './own-fields.ts';

/**
 * For a record whose store has `delete when`: whether the row in the frame is the deletion of its key. Over the same frame as the
 * record's fields.
 */
export function compileDeletion(record: RecordModel, place: Place): Run | undefined {
  const { deleteWhen } = record;
  if (deleteWhen === undefined) return undefined;
  return located(compileExpression(deleteWhen), record.name, place(deleteWhen.span));
}
