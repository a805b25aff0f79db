import { reads } from '../../model/dependencies.ts';
import type { FieldModel, RecordModel } from '../../model/program.ts';
import { positionAt, type Span } from '../../text/source.ts';
import type { Value } from '../../types/value.ts';
import { compileExpression } from './expression.ts';
import { MessageRejected, type Frame, type Run } from './frame.ts';

/** Says where a rule stands, `shop.nom:12:3`. */
export type Place = (span: Span) => string;

/** The place of a span in its own file, with the name under which the user gave the file. */
export function placeIn(file: string): Place {
  return (span) => {
    const { line, column } = positionAt(span.file, span.start);
    return `${file}:${line}:${column}`;
  };
}

/** A frame whose last slot, the record's own row, is being filled. */
export type OpenFrame = (Value | Value[])[];

/**
 * Fills in the computed fields of a record's own row, which is in the slot after its sources, each after those that
 * it reads, then runs the checks. Nothing where the record has neither. Throws `MessageRejected` with the field and
 * the place of the rule.
 */
export function compileOwn(record: RecordModel, place: Place): ((frame: OpenFrame) => void) | undefined {
  const steps = computedInOrder(record, record.fields).map((field) => compileStep(record, field, place));
  const checks = record.checks.map((check) => ({
    run: compileExpression(check.condition),
    message: check.message,
    source: place(check.span),
  }));
  if (steps.length === 0 && checks.length === 0) return undefined;
  const own = record.sources.length;
  return (frame) => {
    const row = frame[own] as Value[];
    for (const step of steps) row[step.index] = step.run(frame as Frame);
    for (const check of checks)
      if (check.run(frame as Frame) !== true) throw rejectedBy(record.name, check.message, check.source);
  };
}

/** Computes only the given fields, and those that they read, of a row; for `prune by` of an empty list. */
export function compileSome(
  record: RecordModel,
  wanted: readonly FieldModel[],
  place: Place,
): (frame: OpenFrame) => Value[] {
  const steps = computedInOrder(record, wanted).map((field) => compileStep(record, field, place));
  const own = record.sources.length;
  return (frame) => {
    const row: Value[] = new Array<Value>(record.fields.length).fill(null);
    frame[own] = row;
    for (const step of steps) row[step.index] = step.run(frame as Frame);
    return row;
  };
}

function rejectedBy(record: string, message: string, source: string): MessageRejected {
  const rejected = new MessageRejected('check_failed', message);
  rejected.field = record;
  rejected.source = source;
  return rejected;
}

interface Step {
  readonly index: number;
  readonly run: Run;
}

function compileStep(record: RecordModel, field: FieldModel, place: Place): Step {
  if (field.origin.kind !== 'computed') throw new Error(`${record.name}.${field.name} is not computed`);
  const { value } = field.origin;
  const index = record.fields.indexOf(field);
  const run = compileExpression(value);
  if (value.kind === 'field' || value.kind === 'literal') return { index, run };
  const source = place(value.span);
  return {
    index,
    run: (frame) => {
      try {
        return run(frame);
      } catch (error) {
        if (error instanceof MessageRejected) {
          error.field = `${record.name}.${field.name}`;
          error.source = source;
        }
        throw error;
      }
    },
  };
}

/** The computed fields among these and all that they read, each after those that it reads. */
function computedInOrder(record: RecordModel, wanted: readonly FieldModel[]): readonly FieldModel[] {
  const own = record.sources.length;
  const ordered: FieldModel[] = [];
  const visit = (field: FieldModel): void => {
    if (field.origin.kind !== 'computed' || ordered.includes(field)) return;
    for (const { slot, fieldIndex } of reads(field.origin.value)) {
      const read = slot === own && fieldIndex !== undefined ? record.fields[fieldIndex] : undefined;
      if (read !== undefined) visit(read);
    }
    ordered.push(field);
  };
  for (const field of wanted) visit(field);
  return ordered;
}
