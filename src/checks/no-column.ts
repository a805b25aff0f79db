import { finding } from '../diagnostics/diagnostic.ts';
import type { FieldModel, RecordModel, StoreModel } from '../model/program.ts';
import { shortText } from '../model/infer/shown.ts';
import { tableName } from '../model/table-name.ts';
import { describeType, isColumnType, type Type } from '../model/type.ts';
import type { Check } from './check.ts';

export const noColumn: Check = {
  description: {
    code: 'NOM311',
    severity: 'error',
    title: 'a value of a stored row gets no column',
    explanation: `A column holds a single value or a list of single values. An object, a list of objects and the row that an alias stands
for have no column, so the table would not have the value, and nothing would say so.

\`\`\`nom
derive OrderRow from Order as o {
  id       = o.id
  customer = o.customer              // wrong: an object
  customer = o.customer.name         // right: a field of it
  store orders { key (id)  upsert on (id) }
}
\`\`\`

Store a list of objects in a table of its own, with \`each\`.`,
  },
  run: (program, report) => {
    for (const store of program.stores)
      for (const writer of recordsOf(store)) {
        if (writer.broken) continue;
        for (const field of writer.fields) {
          const { type } = field.type;
          if (!isAssigned(field) || type.kind === 'unknown' || isColumnType(type)) continue;
          report(
            finding(
              noColumn.description,
              field.tree?.value?.span ?? field.span,
              `${tableName(store)} gets no column for \`${field.name}\`: it is ${whatOf(type)}`,
              {
                label: `this is ${describeType(type)}`,
                help: helpFor(field, type),
              },
            ),
          );
        }
      }
  },
};

/** Who declares the table, and who else writes it. */
function recordsOf({ record, writers }: StoreModel): readonly RecordModel[] {
  return writers[0] === record ? writers : [record, ...writers.filter((writer) => writer !== record)];
}

/** A spread brings what can be a column, and says nothing of the rest. */
function isAssigned({ tree, origin }: FieldModel): boolean {
  return tree?.value !== undefined && origin.kind === 'computed';
}

function whatOf(type: Type): string {
  return type.kind === 'list' ? 'a list of objects' : 'an object';
}

function helpFor({ type: { nullable }, tree }: FieldModel, type: Type): string {
  if (type.kind === 'list')
    return 'store its elements in a table of their own, in a derivation with `each`; or remove the line';
  const field =
    type.kind === 'record' ? type.of.fields.find((each) => isColumnType(each.type.type)) : undefined;
  const value = tree?.value === undefined ? undefined : shortText(tree.value.span);
  if (field === undefined || value === undefined) return 'name a field of it, or remove the line';
  return `write \`${value}${nullable ? '?' : ''}.${field.name}\`, or another field of it`;
}
