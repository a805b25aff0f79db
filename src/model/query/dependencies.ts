import { walk, type Expression } from '../expression.ts';
import type { FieldModel, RecordModel } from '../program.ts';

/** Whether the value of a field of a derived entity depends on one of its sources, directly or through other fields. */
export function dependsOn(record: RecordModel, field: FieldModel, slot: number): boolean {
  const own = record.sources.length;
  // Fields can read each other through thousands of steps, so nothing here recurses.
  const open = new Set([field]);
  for (const { origin } of open)
    for (const read of origin.kind === 'computed' ? reads(origin.value) : []) {
      if (read.slot === slot) return true;
      const other = read.slot === own ? record.fields[read.fieldIndex ?? -1] : undefined;
      if (other !== undefined) open.add(other);
    }
  return false;
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
