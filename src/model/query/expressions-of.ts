import type { Expression } from '../expression.ts';
import type { Program, RecordModel } from '../program.ts';

/** Every expression that a message may evaluate: those of records, and the bodies of functions. */
export function expressionsOf(program: Program): readonly Expression[] {
  return [
    ...[...program.shapes, ...program.entities, ...program.derivations].flatMap(expressionsOfRecord),
    ...program.functions.map((called) => called.body),
  ];
}

/** Those of one record. */
export function expressionsOfRecord(record: RecordModel): readonly Expression[] {
  return [
    ...record.fields.flatMap(({ origin }) => (origin.kind === 'computed' ? [origin.value] : [])),
    ...record.checks.map((check) => check.condition),
    ...record.sources.flatMap(({ from }) => (from.kind === 'list' ? [from.list] : [])),
    ...(record.where === undefined ? [] : [record.where]),
    ...(record.deleteWhen === undefined ? [] : [record.deleteWhen]),
  ];
}
