import type { FieldModel, RecordModel } from '../model/program.ts';

/** A field with the record that it is in. */
export interface Owned {
  readonly record: RecordModel;
  readonly field: FieldModel;
}

/** The field that an expression of a record reads at a place of a slot; nothing where the slot may have no row, or no fields of a message. */
export function fieldRead(record: RecordModel, slot: number, index: number): Owned | undefined {
  const source = record.sources[slot];
  const type = source?.row.type;
  if (source?.row.nullable === true) return undefined;
  const of = slot === record.sources.length ? record : type?.kind === 'record' ? type.of : undefined;
  const read = of !== undefined && 'fields' in of ? of.fields[index] : undefined;
  // Rows of `meta` and of a lookup have no origin.
  if (read === undefined || !('origin' in read)) return undefined;
  return { record: of as RecordModel, field: read as FieldModel };
}
