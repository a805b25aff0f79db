import { dependenciesFirst } from '../../model/dependencies-first.ts';
import { reads } from '../../model/query/dependencies.ts';
import type { FieldModel, RecordModel } from '../../model/program.ts';
import { positionAt, type Span } from '../../text/source.ts';
import type { Value } from '../../types/value.ts';
import { compileExpression } from './expression.ts';
import { MessageRejected, type Run } from './frame.ts';
import { isTextSpent } from './made-text.ts';

/** Says where a rule stands, `shop.nom:12:3`. */
export type Place = (span: Span) => string;

/** The place of a span in its own file, which may be an imported one. */
export function placeOf(span: Span): string {
  const { line, column } = positionAt(span.file, span.start);
  return `${span.file.name}:${line}:${column}`;
}

/**
 * Fills in the computed fields of a record's own row, which is in the slot after its sources, each after those that
 * it reads, then runs the checks. Nothing where the record has neither. Throws `MessageRejected` with the field and
 * the place of the rule.
 */
export function compileOwn(record: RecordModel, place: Place): ((frame: Value[]) => void) | undefined {
  const fields = computedInOrder(record, record.fields);
  const copies = compileCopies(record, fields);
  const steps = fields
    .filter((field) => !copies.fields.has(field))
    .map((field) => compileStep(record, field, place));
  const checks = record.checks.map((check) => ({
    run: located(compileExpression(check.condition), record.name, place(check.span)),
    message: check.message,
    source: place(check.span),
  }));
  if (fields.length === 0 && checks.length === 0) return undefined;
  const own = record.sources.length;
  return (frame) => {
    const row = frame[own] as Value[];
    for (const copy of copies.bySource) copy(frame, row);
    for (const step of steps) row[step.index] = step.run(frame);
    for (const check of checks)
      if (check.run(frame) !== true) throw rejectedBy(record.name, check.message, check.source);
  };
}

/**
 * Says all that `compileOwn` would reject a record for: each field that cannot be computed, or else each check that is
 * not true. Compiled when it is first asked, as only refused messages need it.
 */
export function compileFaults(
  record: RecordModel,
  place: Place,
): (frame: Value[]) => readonly MessageRejected[] {
  let compiled: ((frame: Value[]) => readonly MessageRejected[]) | undefined;
  return (frame) => (compiled ??= faultsOf(record, place))(frame);
}

function faultsOf(record: RecordModel, place: Place): (frame: Value[]) => readonly MessageRejected[] {
  const steps = computedInOrder(record, record.fields).map((field) => compileStep(record, field, place));
  const checks = record.checks.map((check) => ({
    run: located(compileExpression(check.condition), record.name, place(check.span)),
    message: check.message,
    source: place(check.span),
  }));
  const own = record.sources.length;
  return (frame) => {
    const row = frame[own] as Value[];
    const failed = steps.flatMap((step) => rejectionIn(() => void (row[step.index] = step.run(frame))));
    // What a field is missing for is told once, not again by all that read it.
    if (failed.length > 0) return failed;
    return checks.flatMap((check) =>
      rejectionIn(() => {
        if (check.run(frame) !== true) throw rejectedBy(record.name, check.message, check.source);
      }),
    );
  };
}

function rejectionIn(run: () => void): readonly MessageRejected[] {
  // The message is refused already: what else is wrong with it is not worth more text.
  if (isTextSpent()) return [];
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof MessageRejected) return isTextSpent() ? [] : [error];
    throw error;
  }
}

/** Computes only the given fields of a row, in this order; for `prune by` of an empty list. */
export function compileSome(
  record: RecordModel,
  wanted: readonly FieldModel[],
  place: Place,
): (frame: Value[]) => Value[] {
  const steps = computedInOrder(record, wanted).map((field) => compileStep(record, field, place));
  const own = record.sources.length;
  const indexes = wanted.map((field) => record.fields.indexOf(field));
  const runs = indexes.map((index) => steps.find((step) => step.index === index)?.run);
  // Mostly they are fields of a source, and no row is needed to hold what they read.
  if (steps.length === wanted.length && wanted.every((field) => !readsOwn(record, field)))
    return (frame) => runs.map((run) => (run === undefined ? null : run(frame)));
  return (frame) => {
    const row: Value[] = record.fields.map(() => null);
    frame[own] = row;
    for (const step of steps) row[step.index] = step.run(frame);
    return indexes.map((index) => row[index] ?? null);
  };
}

function readsOwn(record: RecordModel, { origin }: FieldModel): boolean {
  return origin.kind === 'computed' && reads(origin.value).some(({ slot }) => slot === record.sources.length);
}

function rejectedBy(record: string, message: string, source: string): MessageRejected {
  const rejected = new MessageRejected('check_failed', message);
  rejected.field = record;
  rejected.source = source;
  return rejected;
}

/** Copies fields of a source's row; leaves null where the source has none. */
type Copy = (frame: Value[], row: Value[]) => void;

/** Fields that are a source's field as it is, as a spread brings them: copied in one loop for each source. */
function compileCopies(
  record: RecordModel,
  fields: readonly FieldModel[],
): { readonly fields: ReadonlySet<FieldModel>; readonly bySource: readonly Copy[] } {
  const copied = new Set<FieldModel>();
  const bySource = record.sources.flatMap((_, slot): Copy[] => {
    const from: number[] = [];
    const to: number[] = [];
    for (const field of fields) {
      const value = field.origin.kind === 'computed' ? field.origin.value : undefined;
      if (value?.kind !== 'field' || value.target.kind !== 'slot' || value.target.slot !== slot) continue;
      copied.add(field);
      from.push(value.index);
      to.push(record.fields.indexOf(field));
    }
    return runsOf(from, to).map(({ first, target, length }) => (frame, row) => {
      const source = frame[slot] as readonly Value[] | null;
      if (source === null) return;
      for (let at = 0; at < length; at += 1) row[target + at] = source[first + at] as Value;
    });
  });
  return { fields: copied, bySource };
}

interface CopiedRun {
  readonly first: number;
  readonly target: number;
  readonly length: number;
}

/** Neighbours that stay neighbours are copied together: a spread is mostly one run. */
function runsOf(from: readonly number[], to: readonly number[]): readonly CopiedRun[] {
  const runs: { first: number; target: number; length: number }[] = [];
  for (const [at, first] of from.entries()) {
    const target = to[at] ?? 0;
    const last = runs.at(-1);
    if (last !== undefined && last.first + last.length === first && last.target + last.length === target)
      last.length += 1;
    else runs.push({ first, target, length: 1 });
  }
  return runs;
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
  return { index, run: located(run, `${record.name}.${field.name}`, place(value.span)) };
}

/** Tells a rejection, on its way out, which field and which rule it comes from. */
export function located(run: Run, field: string, source: string): Run {
  return (frame) => {
    try {
      return run(frame);
    } catch (error) {
      if (error instanceof MessageRejected) {
        error.field = field;
        error.source = source;
      }
      throw error;
    }
  };
}

/** The computed fields among these and all that they read, each after those that it reads. */
function computedInOrder(record: RecordModel, wanted: readonly FieldModel[]): readonly FieldModel[] {
  const own = record.sources.length;
  const ordered = new Set<FieldModel>();
  const needs = (field: FieldModel): readonly FieldModel[] | undefined =>
    field.origin.kind !== 'computed' || ordered.has(field)
      ? undefined
      : reads(field.origin.value).flatMap(({ slot, fieldIndex }) =>
          slot === own && fieldIndex !== undefined ? (record.fields[fieldIndex] ?? []) : [],
        );
  for (const field of wanted) {
    if (needs(field) === undefined) continue;
    for (const each of dependenciesFirst(field, needs)) ordered.add(each);
  }
  return [...ordered];
}
