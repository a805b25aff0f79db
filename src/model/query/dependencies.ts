import { walk, type Expression } from '../expression.ts';
import type { FieldModel, RecordModel } from '../program.ts';

/** Whether the value of a field of a derived entity depends on one of its sources, directly or through other fields. */
export function dependsOn(record: RecordModel, field: FieldModel, slot: number): boolean {
  return slotsOf(record, field, new Set()).has(slot);
}

function slotsOf(record: RecordModel, field: FieldModel, seen: Set<FieldModel>): ReadonlySet<number> {
  const slots = new Set<number>();
  if (seen.has(field) || field.origin.kind !== 'computed') return slots;
  seen.add(field);
  const own = record.sources.length;
  for (const { slot, fieldIndex } of reads(field.origin.value)) {
    if (slot !== own) {
      slots.add(slot);
      continue;
    }
    const other = fieldIndex === undefined ? undefined : record.fields[fieldIndex];
    if (other !== undefined) for (const each of slotsOf(record, other, seen)) slots.add(each);
  }
  return slots;
}

interface Read {
  readonly slot: number;
  readonly fieldIndex?: number;
}

/** The slots that an expression reads; for a field of a slot, which one. */
export function reads(expression: Expression): readonly Read[] {
  const found: Read[] = [];
  walk(expression, (node) => {
    if (node.kind === 'field' && node.target.kind === 'slot')
      found.push({ slot: node.target.slot, fieldIndex: node.index });
    else if (node.kind === 'slot' && node.name !== '') found.push({ slot: node.slot });
  });
  return found;
}
