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
  const found: Expression[] = [];
  for (const { origin } of record.fields) if (origin.kind === 'computed') found.push(origin.value);
  for (const { condition } of record.checks) found.push(condition);
  for (const { from } of record.sources) if (from.kind === 'list') found.push(from.list);
  if (record.where !== undefined) found.push(record.where);
  if (record.deleteWhen !== undefined) found.push(record.deleteWhen);
  return found;
}
