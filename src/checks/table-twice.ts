import { finding, type Report } from '../diagnostics/diagnostic.ts';
import type { RecordModel, StoreModel } from '../model/program.ts';
import { DEFAULT_SCHEMA, tableId, tableName } from '../model/table-name.ts';
import { describe, isUnknown } from '../model/type.ts';
import type { Check } from './check.ts';

export const tableTwice: Check = {
  description: {
    code: 'NOM208',
    severity: 'error',
    title: 'two entities declare the same table',
    explanation: `A table has one declaration. If two entities write to one table, they share a shape with a \`store\`:

\`\`\`nom
shape Provider { id: uuid  role: text(20)  store providers { key (id)  upsert on (id) keep } }
derive Surgeon from Procedure as p { ...Provider  id = p.surgeon  role = "surgeon" }
\`\`\`

Both of them use the column types of the shape.

A table without a schema is in the schema \`public\`, unless the \`search_path\` of the connection says otherwise: \`store orders\` and
\`store public.orders\` are the same table. Capital letters matter: \`orders\` and \`Orders\` are two tables.`,
  },
  run: (program, report) => {
    const first = new Map<string, StoreModel>();
    for (const store of program.stores) {
      const name = tableId(store);
      const other = first.get(name);
      if (other === undefined) first.set(name, store);
      else
        report(
          finding(
            tableTwice.description,
            store.tree.table.span,
            `${store.record.name} and ${other.record.name} both declare the table ${other.schema === store.schema ? tableName(store) : `${DEFAULT_SCHEMA}.${store.table}`}`,
            {
              label: 'declared again',
              related: [{ span: other.tree.table.span, text: 'declared here first' }],
              help: 'rename one of them',
            },
          ),
        );
    }
    for (const store of program.stores)
      for (const writer of store.writers)
        if (writer !== store.record) reportOtherTypes(store, writer, report);
  },
};

/** Fields of a writer whose type is not that of the shared column. */
function reportOtherTypes(store: StoreModel, writer: RecordModel, report: Report): void {
  if (writer.broken || store.record.broken) return;
  for (const column of store.columns) {
    const field = writer.fields.find((each) => each.name === column.name);
    if (field === undefined || isUnknown(field.type) || isUnknown(column.type)) continue;
    if (describe(field.type) === describe(column.type)) continue;
    report(
      finding(
        tableTwice.description,
        field.span,
        `\`${field.name}\` is ${describe(field.type)} in ${writer.name}, but ${describe(column.type)} in the table ${tableName(store)} of ${store.record.name}`,
        {
          related: [{ span: column.span, text: 'the column' }],
          help: `leave the type out: \`${field.name} = …\``,
        },
      ),
    );
  }
}
