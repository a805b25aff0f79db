import type { RecordModel } from '../../model/program.ts';
import type { Type } from '../../model/type.ts';

/** Whether a message may hold keys that its decoders pass by without counting: inside `json` fields and beside paths. */
export function hasUnreadKeys(record: RecordModel): boolean {
  return passesIn(record, new Set());
}

/** A record that was looked at has none, or nobody would look further. */
function passesIn(record: RecordModel, seen: Set<RecordModel>): boolean {
  if (seen.has(record)) return false;
  seen.add(record);
  return record.fields.some(
    ({ origin, type }) => origin.kind === 'json' && (origin.path.length > 1 || passesBy(type.type, seen)),
  );
}

function passesBy(type: Type, seen: Set<RecordModel>): boolean {
  if (type.kind === 'list') return passesBy(type.element, seen);
  if (type.kind === 'record') return passesIn(type.of as RecordModel, seen);
  return type.kind === 'scalar' && type.column.name === 'json';
}
