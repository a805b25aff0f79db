import { functions } from '../../functions/registry.ts';
import { walk, type Expression } from '../expression.ts';
import { META } from '../resolve/meta.ts';
import type { FieldModel, RecordModel } from '../program.ts';

/**
 * The call that makes the value of a field another one when the same message arrives again, in its own expression or in
 * one of a field that it reads; nothing where the value depends on the message alone.
 */
export function unrepeatableCall(record: RecordModel, field: FieldModel): Expression | undefined {
  return callIn(record, field, new Set());
}

function callIn(record: RecordModel, field: FieldModel, seen: Set<FieldModel>): Expression | undefined {
  if (seen.has(field) || field.origin.kind !== 'computed') return undefined;
  seen.add(field);
  const { value } = field.origin;
  const own = ownCall(value);
  if (own !== undefined) return own;
  let found: Expression | undefined;
  walk(value, (node) => {
    if (found !== undefined || node.kind !== 'field' || node.target.kind !== 'slot') return;
    const read = readRecord(record, node.target.slot);
    const inner = read?.fields[node.index];
    if (read !== undefined && inner !== undefined) found = callIn(read, inner, seen);
  });
  return found;
}

/** A call in the expression itself or in a function of the program that it calls. */
function ownCall(expression: Expression): Expression | undefined {
  let found: Expression | undefined;
  walk(expression, (node) => {
    if (node.kind === 'invoke')
      found ??= node.called.body === undefined ? undefined : ownCall(node.called.body);
    if (node.kind === 'call' && functions.get(node.callee)?.repeatable === false) found ??= node;
    if (isMoment(node)) found ??= node;
  });
  return found;
}

/** The record whose row a slot holds: a source, or after all sources the record itself. */
function readRecord(record: RecordModel, slot: number): RecordModel | undefined {
  if (slot === record.sources.length) return record;
  const from = record.sources[slot]?.from;
  return from?.kind === 'record' ? from.record : undefined;
}

/** `meta.received_at`: a sender that repeats a message is received again. */
function isMoment(node: Expression): boolean {
  return (
    node.kind === 'field' &&
    node.name === 'received_at' &&
    node.target.kind === 'slot' &&
    node.target.typed.type.kind === 'record' &&
    node.target.typed.type.of === META
  );
}
