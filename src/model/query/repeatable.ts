import { functions } from '../../functions/registry.ts';
import { walk, type Expression } from '../expression.ts';
import { META } from '../resolve/meta.ts';
import type { FieldModel, RecordModel } from '../program.ts';

/** What is known to depend on messages alone: fields, and bodies of functions. It grows with each question. */
export type Repeatable = Set<FieldModel | Expression>;

interface Step {
  readonly record: RecordModel;
  readonly value: Expression;
}

/**
 * The call that makes the value of a field another one when the same message arrives again, in its own expression or in
 * one of a field that it reads; nothing where the value depends on the message alone.
 *
 * Rows are derived from rows through thousands of steps in some programs, so nothing here recurses, and what `known` has
 * is not read again.
 */
export function unrepeatableCall(
  record: RecordModel,
  field: FieldModel,
  known: Repeatable,
): Expression | undefined {
  // Mostly a field is read from the message.
  if (field.origin.kind !== 'computed' || known.has(field)) return undefined;
  const seen: Repeatable = new Set();
  const open: Step[] = [];
  const enter = (owner: RecordModel, each: FieldModel): void => {
    if (each.origin.kind !== 'computed' || seen.has(each) || known.has(each)) return;
    seen.add(each);
    open.push({ record: owner, value: each.origin.value });
  };
  enter(record, field);
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { record: owner, value } = step;
    let found: Expression | undefined;
    walk(value, (node) => {
      if (node.kind === 'call' && functions.get(node.callee)?.repeatable === false) found ??= node;
      if (isMoment(node)) found ??= node;
      const body = node.kind === 'invoke' ? node.called.body : undefined;
      if (body !== undefined && !seen.has(body) && !known.has(body)) {
        seen.add(body);
        // A body reads its parameters only, never a field of the record.
        open.push({ record: owner, value: body });
      }
      if (node.kind !== 'field' || node.target.kind !== 'slot' || seen.has(value)) return;
      const read = readRecord(owner, node.target.slot);
      const inner = read?.fields[node.index];
      if (read !== undefined && inner !== undefined) enter(read, inner);
    });
    if (found !== undefined) return found;
  }
  for (const each of seen) known.add(each);
  return undefined;
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
