import { finding } from '../diagnostics/diagnostic.ts';
import type { Expression } from '../model/expression.ts';
import type { FieldModel, RecordModel } from '../model/program.ts';
import type { Check } from './check.ts';

export const mergedDefaults: Check = {
  description: {
    code: 'NOM219',
    severity: 'error',
    title: 'a `@default` overwrites what `merge` should keep',
    explanation: `\`merge\` keeps the stored value where the message has none. A field with \`@default\` always has a value: where the key is
absent, the default is written over the stored value. So a message that changes one field resets the others.

\`\`\`nom
entity Contact {
  id:     int
  active: bool @default(true)     // wrong: a message without \`active\` makes the contact active
  active: bool?                   // right: a message without \`active\` keeps what is stored
  store contacts { key (id)  upsert on (id) merge }
}
\`\`\``,
  },
  run: (program, report) => {
    for (const { writers, upsert } of program.stores) {
      if (upsert?.action.kind !== 'merge') continue;
      const keys = new Set(upsert.columns.map(({ name }) => name));
      for (const writer of writers) {
        if (writer.broken) continue;
        for (const field of writer.fields) {
          const defaulted = keys.has(field.name) ? undefined : withDefault(writer, field);
          if (defaulted === undefined || isAlwaysFalse(writer, field, defaulted)) continue;
          const { span } = defaulted;
          report(
            finding(
              mergedDefaults.description,
              field.span,
              `a message without \`${defaulted.name}\` overwrites \`${field.name}\` with its default, though the store merges`,
              {
                label: 'always has a value',
                related: [
                  ...(span === field.span ? [] : [{ span, text: 'the field with the default' }]),
                  { span: upsert.tree.span, text: 'keeps what the message leaves out' },
                ],
                help: `make \`${defaulted.name}\` nullable and remove its \`@default\``,
              },
            ),
          );
        }
      }
    }
  },
};

/** A flag of `delete when` is false in every row that is stored: its default overwrites nothing. */
function isAlwaysFalse(
  { deleteWhen, fields, sources }: RecordModel,
  field: FieldModel,
  { origin }: FieldModel,
): boolean {
  if (deleteWhen?.kind !== 'field' || origin.kind !== 'json' || origin.default !== false) return false;
  const isOwn = deleteWhen.target.kind === 'slot' && deleteWhen.target.slot === sources.length;
  return isOwn && fields[deleteWhen.index] === field;
}

/** The field with `@default` whose value a column takes as it is; itself, or one of a source. */
function withDefault(record: RecordModel, field: FieldModel): FieldModel | undefined {
  const { origin } = field;
  if (origin.kind === 'json')
    return origin.default === undefined || origin.default === null ? undefined : field;
  if (origin.kind !== 'computed') return undefined;
  const value = unconverted(origin.value);
  if (value.kind !== 'field') return undefined;
  const { type } = value.target.typed;
  if (type.kind !== 'record') return undefined;
  // A row of another kind, such as `meta` or one of a lookup, has no defaults.
  const read = value.target.kind === 'slot' && value.target.slot === record.sources.length ? record : type.of;
  const next = 'fields' in read ? read.fields[value.index] : undefined;
  return next !== undefined && 'origin' in next && next !== field
    ? withDefault(read as RecordModel, next as FieldModel)
    : undefined;
}

function unconverted(value: Expression): Expression {
  return value.kind === 'convert' ? unconverted(value.operand) : value;
}
