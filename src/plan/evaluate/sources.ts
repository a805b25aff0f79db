import type { Expression } from '../../model/expression.ts';
import { isRepeated } from '../../model/query/nesting.ts';
import type { RecordModel, SourceModel } from '../../model/program.ts';
import type { RecordType } from '../../model/type.ts';
import { pointerTo } from '../../types/json-pointer.ts';
import type { Value } from '../../types/value.ts';
import type { Row } from '../plan.ts';
import { compileExpression } from './expression.ts';

/** The rows that one message has of one record. */
export interface RecordRows {
  readonly rows: readonly Row[];
  /** For each row, the JSON pointer of the part of the body from which it comes; only where a failure is traced. */
  readonly pointers: readonly string[];
  /** For `delete when`: for each row, whether it is the deletion of its key. */
  readonly deleted?: readonly boolean[] | undefined;
}

/** What is known of one message so far: the rows of its records, sources first, and what `meta` names. */
export interface MessageRows {
  readonly rows: Map<RecordModel, RecordRows>;
  readonly meta: Value;
}

/** One walk over all combinations of the rows of a derivation's sources. */
export interface Visit {
  readonly message: MessageRows;
  /** A slot for each source, one for the row being made, one for `meta`. */
  readonly frame: Value[];
  readonly found: Row[];
  /** For each row found, whether it is a deletion; only with `delete when`. */
  readonly deleted: boolean[] | undefined;
  /** The pointers of the rows in the frame's slots, and of the rows found. */
  readonly trace: { readonly slots: string[]; readonly found: string[] } | undefined;
}

type Step = (visit: Visit) => void;

/**
 * Calls `emit` for each combination of rows of the sources, with the frame filled in. `single` leaves repeated sources
 * null, once.
 */
export function compileSources(
  sources: readonly SourceModel[],
  emit: Step,
  only: 'all' | 'single' = 'all',
): Step {
  let step = emit;
  for (let slot = sources.length - 1; slot >= 0; slot -= 1) {
    const source = sources[slot];
    if (source !== undefined && !(only === 'single' && isRepeated(sources, slot)))
      step = compileSource(source, slot, step);
  }
  return step;
}

function compileSource(source: SourceModel, slot: number, next: Step): Step {
  const optional = source.mode === 'optional';
  switch (source.from.kind) {
    case 'record':
      return recordSource(source.from.record, slot, optional, next);
    case 'list': {
      const { list, parent } = source.from;
      return source.repeated
        ? listSource(list, parent, slot, optional, next)
        : objectSource(list, parent, slot, optional, next);
    }
    case 'unknown':
      throw new Error('an accepted program has no unknown source');
  }
}

function recordSource(record: RecordModel, slot: number, optional: boolean, next: Step): Step {
  return (visit) => {
    const { frame, trace } = visit;
    const found = visit.message.rows.get(record);
    const count = found === undefined ? 0 : found.rows.length;
    if (found === undefined || count === 0) {
      if (!optional) return;
      frame[slot] = null;
      if (trace !== undefined) trace.slots[slot] = '';
      return next(visit);
    }
    for (let at = 0; at < count; at += 1) {
      frame[slot] = found.rows[at] ?? null;
      if (trace !== undefined) trace.slots[slot] = found.pointers[at] ?? '';
      next(visit);
    }
  };
}

function listSource(list: Expression, parent: number, slot: number, optional: boolean, next: Step): Step {
  const run = compileExpression(list);
  const pointer = pathOf(list);
  return (visit) => {
    const { frame, trace } = visit;
    const elements = run(frame) as readonly Value[] | null;
    const base = trace === undefined ? '' : (trace.slots[parent] ?? '') + pointer;
    if (elements === null) {
      if (!optional) return;
      frame[slot] = null;
      if (trace !== undefined) trace.slots[slot] = base;
      return next(visit);
    }
    for (let at = 0; at < elements.length; at += 1) {
      frame[slot] = elements[at] ?? null;
      if (trace !== undefined) trace.slots[slot] = `${base}/${at}`;
      next(visit);
    }
  };
}

/** A nested object as a source has one row, or none where it is null. */
function objectSource(list: Expression, parent: number, slot: number, optional: boolean, next: Step): Step {
  const run = compileExpression(list);
  const pointer = pathOf(list);
  return (visit) => {
    const { frame, trace } = visit;
    const value = run(frame);
    if (value === null && !optional) return;
    frame[slot] = value;
    if (trace !== undefined) trace.slots[slot] = (trace.slots[parent] ?? '') + pointer;
    next(visit);
  };
}

/** The JSON pointer of a list from the row that holds it; empty where the list does not come from JSON. */
function pathOf(list: Expression): string {
  if (list.kind !== 'field') return '';
  const owner = list.target.typed.type;
  if (owner.kind !== 'record') return '';
  const field = (owner.of as RecordType & Pick<RecordModel, 'fields'>).fields[list.index];
  const path = field?.origin.kind === 'json' ? field.origin.path.map(pointerTo).join('') : '';
  return pathOf(list.target) + path;
}
