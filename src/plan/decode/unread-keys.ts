import type { RecordModel } from '../../model/program.ts';
import type { Type } from '../../model/type.ts';

/** Whether a message may hold keys that its decoders pass by without counting: inside `json` fields and beside paths. */
export function hasUnreadKeys(record: RecordModel, seen: ReadonlySet<unknown> = new Set()): boolean {
  if (seen.has(record)) return false;
  const inside = new Set([...seen, record]);
  return record.fields.some(
    ({ origin, type }) => origin.kind === 'json' && (origin.path.length > 1 || passesBy(type.type, inside)),
  );
}

function passesBy(type: Type, seen: ReadonlySet<unknown>): boolean {
  if (type.kind === 'list') return passesBy(type.element, seen);
  if (type.kind === 'record') return hasUnreadKeys(type.of as RecordModel, seen);
  return type.kind === 'scalar' && type.column.name === 'json';
}
