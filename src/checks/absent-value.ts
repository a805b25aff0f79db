import { functions } from '../functions/registry.ts';
import { dependenciesFirst } from '../model/dependencies-first.ts';
import { children, walk, type Callable, type Expression } from '../model/expression.ts';
import type { FieldModel, RecordModel } from '../model/program.ts';
import { isCheap } from '../model/query/cost.ts';
import { compileExpression } from '../plan/evaluate/expression.ts';
import type { Value } from '../types/value.ts';
import { fieldRead, type Owned } from './field-read.ts';

/** What a field is worth where a message leaves out all that the field is made of. */
export interface Absent {
  readonly value: Value;
  /** The first field that such a message leaves out. */
  readonly without: FieldModel;
}

interface Read extends Owned {
  readonly slot: number;
  readonly index: number;
}

/**
 * Asks what fields are worth without the message: nothing where one always needs a part of it, or does not read it at
 * all. The evaluator of messages computes it, so that operators, functions and `??` are all alike.
 */
export function absentValues(): (record: RecordModel, field: FieldModel) => Absent | undefined {
  const known = new Map<FieldModel, Absent | undefined>();
  const owners = new Map<FieldModel, RecordModel>();
  const needsOf = (field: FieldModel): readonly FieldModel[] | undefined => {
    const record = owners.get(field);
    if (record === undefined || known.has(field)) return undefined;
    if (field.origin.kind !== 'computed') return [];
    return (readsOf(record, field.origin.value) ?? []).map((read) => {
      owners.set(read.field, read.record);
      return read.field;
    });
  };
  const computed = ({ record, field }: Owned): Absent | undefined => {
    if (field.origin.kind !== 'computed') return read(field);
    const { value } = field.origin;
    const reads = readsOf(record, value) ?? [];
    const [first] = reads.map((each) => known.get(each.field));
    if (first === undefined || asksForNull(value) || !isCheap(value)) return undefined;
    const frame: Value[][] = Array.from({ length: record.sources.length + 2 }, () => []);
    for (const each of reads) {
      const absent = known.get(each.field);
      const row = frame[each.slot];
      if (absent === undefined || row === undefined) return undefined;
      row[each.index] = absent.value;
    }
    const made = evaluated(value, frame);
    return made === undefined ? undefined : { value: made, without: first.without };
  };
  return (record, field) => {
    owners.set(field, record);
    // Fields can be made of fields through thousands of steps.
    for (const each of dependenciesFirst(field, needsOf))
      if (!known.has(each)) known.set(each, computed({ record: owners.get(each) ?? record, field: each }));
    return known.get(field);
  };
}

function read(field: FieldModel): Absent | undefined {
  if (field.origin.kind !== 'json') return undefined;
  const { default: written } = field.origin;
  if (written === undefined && !field.type.nullable) return undefined;
  return { value: written ?? null, without: field };
}

/** The fields that an expression reads; nothing where it reads something else of a message, or the clock. */
function readsOf(record: RecordModel, value: Expression): readonly Read[] | undefined {
  const reads: Read[] = [];
  const open = [value];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === 'field' && node.target.kind === 'slot') {
      // A row that may be missing is no field that is left out.
      const found = fieldRead(record, node.target.slot, node.index);
      if (found === undefined) return undefined;
      reads.push({ ...found, slot: node.target.slot, index: node.index });
      continue;
    }
    const called = node.kind === 'call' ? functions.get(node.callee) : undefined;
    if (node.kind === 'invoke' && !isClosed(node.called)) return undefined;
    if (node.kind === 'slot' || called?.given !== undefined || called?.repeatable === false) return undefined;
    open.push(...children(node).toReversed());
  }
  return reads;
}

/** Whether a function, and those that it calls, read their arguments alone. */
function isClosed(start: Callable): boolean {
  const open = new Set([start]);
  let closed = true;
  for (const called of open)
    walk(called.body, (node) => {
      if (node.kind === 'slot') closed &&= node.slot < called.parameters.length;
      if (node.kind === 'invoke') open.add(node.called);
      const definition = node.kind === 'call' ? functions.get(node.callee) : undefined;
      if (definition?.given !== undefined || definition?.repeatable === false) closed = false;
    });
  return closed;
}

/** `note != null` is meant to say whether the message has one. */
function asksForNull(value: Expression): boolean {
  if (value.kind !== 'compare') return false;
  return [value.left, value.right].some((side) => side.kind === 'literal' && side.value === null);
}

/** A text that is longer can be the start of one without end. */
const LONGEST = 10_000;

function evaluated(value: Expression, frame: readonly Value[]): Value | undefined {
  try {
    const made = compileExpression(value)(frame);
    return typeof made === 'string' && made.length > LONGEST ? undefined : made;
  } catch {
    // It rejects such a message, or the program has other errors.
    return undefined;
  }
}
