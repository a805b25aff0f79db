import { finding } from '../diagnostics/diagnostic.ts';
import type { FieldModel, RecordModel } from '../model/program.ts';
import { absentValues, type Absent } from './absent-value.ts';
import { describeType } from '../model/type.ts';
import type { Check } from './check.ts';

export const mergedDefaults: Check = {
  description: {
    code: 'NOM219',
    severity: 'error',
    title: 'a default overwrites what `merge` should keep',
    explanation: `\`merge\` keeps the stored value where the message has none. A field with \`@default\` always has a value: where the key is
absent, the default is written over the stored value. So a message that changes one field resets the others. The same holds for a
column that is computed of such fields alone, and for \`??\`.

\`\`\`nom
entity Contact {
  id:     int
  active: bool @default(true)     // wrong: a message without \`active\` makes the contact active
  active: bool?                   // right: a message without \`active\` keeps what is stored
  visits: int?
  count:  int? = visits ?? 0      // wrong: a message without \`visits\` resets the count
  count:  int? = visits           // right
  store contacts { key (id)  upsert on (id) merge }
}
\`\`\`

A column that also reads a field without which no message is accepted is not reported: each message says what it is.`,
  },
  run: (program, report) => {
    const absentOf = absentValues();
    for (const { writers, upsert } of program.stores) {
      if (upsert?.action.kind !== 'merge') continue;
      const keys = new Set(upsert.columns.map(({ name }) => name));
      for (const writer of writers) {
        if (writer.broken) continue;
        for (const field of writer.fields) {
          const absent = keys.has(field.name) ? undefined : absentOf(writer, field);
          if (absent === undefined || absent.value === null || isAlwaysFalse(writer, field, absent)) continue;
          const { name, span, origin } = absent.without;
          const isDefault = origin.kind === 'json' && origin.default !== undefined && origin.default !== null;
          report(
            finding(
              mergedDefaults.description,
              field.span,
              `a message without \`${name}\` overwrites \`${field.name}\`${isDefault ? ' with its default' : ''}, though the store merges`,
              {
                label: 'always has a value',
                related: [
                  ...(span === field.span
                    ? []
                    : [{ span, text: isDefault ? 'the field with the default' : 'can be absent' }]),
                  { span: upsert.tree.span, text: 'keeps what the message leaves out' },
                ],
                help: isDefault
                  ? `declare \`${name}: ${describeType(absent.without.type.type)}?\`, without \`@default\``
                  : `let \`${field.name}\` be null where \`${name}\` is`,
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
  { value }: Absent,
): boolean {
  if (deleteWhen?.kind !== 'field' || value !== false) return false;
  const isOwn = deleteWhen.target.kind === 'slot' && deleteWhen.target.slot === sources.length;
  return isOwn && fields[deleteWhen.index] === field;
}
