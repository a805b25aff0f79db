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
    const fields: DeepField[] = [];
    for (const entity of program.entities)
      collectFields(entity, 1, { fields, path: new Set(), seen: new Map() });
    const deepest = fields.reduce((most, { depth }) => Math.max(most, depth), 0);
    const reported = new Set<FieldModel>();
    for (const { record, field, around, depth } of fields) {
      // What is in a shape that is too deep itself is no mistake of its own.
      if (depth <= max || around > max || reported.has(field)) continue;
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
  /** Arrays and objects that stand around the record, which is the innermost. */
  readonly around: number;
  /** The same for what fills the field. */
  readonly depth: number;
}

interface Walk {
  readonly fields: DeepField[];
  /** The records around, from the outside in: a shape inside itself may end anywhere. */
  readonly path: Set<RecordModel>;
  /** At which depths a record was met: shapes that use each other twice would be walked without end. */
  readonly seen: Map<RecordModel, Set<number>>;
}

/** Collects the fields that a record in a message reads, and those of the shapes in it. */
function collectFields(record: RecordModel, around: number, walk: Walk): void {
  const { fields, path, seen } = walk;
  const depths = seen.get(record) ?? new Set();
  if (record.broken || path.has(record) || depths.has(around)) return;
  seen.set(record, depths.add(around));
  path.add(record);
  for (const field of record.fields) {
    if (field.origin.kind !== 'json') continue;
    const { lists, inner } = insideLists(field.type.type);
    const depth = around + field.origin.path.length - 1 + lists;
    const isRecord = inner.kind === 'record';
    fields.push({ record, field, around, depth: isRecord ? depth + 1 : depth });
    // What is deeper than any setting allows needs no exact depth, and shapes can be thousands deep.
    if (isRecord && depth <= MAX_DEPTH) collectFields(inner.of as RecordModel, depth + 1, walk);
  }
  path.delete(record);
}

function insideLists(type: Type): { readonly lists: number; readonly inner: Type } {
  if (type.kind !== 'list') return { lists: 0, inner: type };
  const { lists, inner } = insideLists(type.element);
  return { lists: lists + 1, inner };
}
