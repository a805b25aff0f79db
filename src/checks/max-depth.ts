import { finding } from '../diagnostics/diagnostic.ts';
import type { FieldModel, RecordModel } from '../model/program.ts';
import type { Type } from '../model/type.ts';
import { MAX_DEPTH } from '../types/json-screen.ts';
import type { Check } from './check.ts';

export const maxDepth: Check = {
  description: {
    code: 'NOM509',
    severity: 'error',
    title: 'a field is nested deeper than `max_depth`',
    explanation: `\`max_depth\` of the pipeline is the largest depth of nested arrays and objects in a message. The message itself is level
one. A message with a value in a deeper field is rejected, so the field would always be empty.

\`\`\`nom
pipeline shop { max_depth: 1 }
entity Order { id: int  tags: text[] }     // wrong: the list in the message is the second level
\`\`\``,
  },
  run: (program, report) => {
    const max = program.settings.max_depth;
    const walk: Walk = { max, fields: [], deepest: 0, path: new Set(), seen: new Map() };
    for (const entity of program.entities) {
      if (entity.broken) continue;
      if (walk.seen.size > 0) walk.seen.clear();
      collectFields(entity, 1, walk);
    }
    const { deepest } = walk;
    const reported = new Set<FieldModel>();
    for (const { record, field, depth } of walk.fields) {
      if (reported.has(field)) continue;
      reported.add(field);
      report(
        finding(
          maxDepth.description,
          field.span,
          `${record.name}.${field.name} is at depth ${depth} of a message, but \`max_depth\` is ${max}`,
          {
            help:
              deepest > MAX_DEPTH
                ? 'leave the field out'
                : `set \`max_depth: ${deepest}\`, which is enough for all fields of this pipeline, or leave the field out`,
          },
        ),
      );
    }
  },
};

interface DeepField {
  readonly record: RecordModel;
  readonly field: FieldModel;
  /** Arrays and objects that stand around what fills the field, itself included. */
  readonly depth: number;
}

interface Walk {
  readonly max: number;
  /** Those that are too deep. */
  readonly fields: DeepField[];
  /** The depth of the deepest field. */
  deepest: number;
  /** The records around, from the outside in: a shape inside itself may end anywhere. */
  readonly path: Set<RecordModel>;
  /** At which depths a record was met in this message: shapes that use each other twice would be walked without end. */
  readonly seen: Map<RecordModel, Set<number>>;
}

/** Collects what a shape in a message reads, where it was not met there already. */
function collectShape(record: RecordModel, around: number, walk: Walk): void {
  const { path, seen } = walk;
  const depths = seen.get(record) ?? new Set();
  if (record.broken || path.has(record) || depths.has(around)) return;
  seen.set(record, depths.add(around));
  path.add(record);
  collectFields(record, around, walk);
  path.delete(record);
}

/** Collects the fields that a record in a message reads, and those of the shapes in it. */
function collectFields(record: RecordModel, around: number, walk: Walk): void {
  for (const field of record.fields) {
    if (field.origin.kind !== 'json') continue;
    const { lists, inner } = insideLists(field.type.type);
    const outer = around + field.origin.path.length - 1 + lists;
    const isRecord = inner.kind === 'record';
    const depth = isRecord ? outer + 1 : outer;
    walk.deepest = Math.max(walk.deepest, depth);
    // What is in a shape that is too deep itself is no mistake of its own.
    if (depth > walk.max && around <= walk.max) walk.fields.push({ record, field, depth });
    // What is deeper than any setting allows needs no exact depth, and shapes can be thousands deep.
    if (isRecord && outer <= MAX_DEPTH) collectShape(inner.of as RecordModel, depth, walk);
  }
}

function insideLists(type: Type): { readonly lists: number; readonly inner: Type } {
  if (type.kind !== 'list') return { lists: 0, inner: type };
  const { lists, inner } = insideLists(type.element);
  return { lists: lists + 1, inner };
}
