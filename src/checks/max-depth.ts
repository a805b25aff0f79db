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
    const fields = program.entities.flatMap((entity) => fieldsOf(entity, 1, []));
    const deepest = Math.max(...fields.map(({ depth }) => depth));
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

/** The fields that a record in a message reads, and those of the shapes in it. A shape inside itself may end anywhere. */
function fieldsOf(record: RecordModel, around: number, outer: readonly RecordModel[]): readonly DeepField[] {
  if (record.broken || outer.includes(record)) return [];
  return record.fields.flatMap((field) => {
    if (field.origin.kind !== 'json') return [];
    const { lists, inner } = insideLists(field.type.type);
    const depth = around + field.origin.path.length - 1 + lists;
    if (inner.kind !== 'record') return [{ record, field, around, depth }];
    const deeper = fieldsOf(inner.of as RecordModel, depth + 1, [...outer, record]);
    return [{ record, field, around, depth: depth + 1 }, ...deeper];
  });
}

function insideLists(type: Type): { readonly lists: number; readonly inner: Type } {
  if (type.kind !== 'list') return { lists: 0, inner: type };
  const { lists, inner } = insideLists(type.element);
  return { lists: lists + 1, inner };
}
