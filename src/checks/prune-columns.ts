import { finding } from '../diagnostics/diagnostic.ts';
import { dependsOn } from '../model/query/dependencies.ts';
import { isRepeated } from '../model/query/nesting.ts';
import type { ColumnName, RecordModel, SourceModel } from '../model/program.ts';
import type { Check } from './check.ts';
import { resolved, writtenFields } from './constraint-columns.ts';

export const prunedColumns: Check = {
  description: {
    code: 'NOM405',
    severity: 'error',
    title: '`prune by` names a column that differs between the rows of a message',
    explanation: `\`prune by (order_key)\` deletes the rows of an order that its message no longer lists. The columns must say which
list it is, even if the list is empty. They can depend only on the single sources, not on the repeated one.

\`\`\`nom
prune by (line_number)      // wrong: a field of each line
prune by (order_key)        // right: a field of the order
\`\`\``,
  },
  run: (program, report) => {
    for (const store of program.stores) {
      const { prune, upsert, writers } = store;
      if (prune === undefined || store.record.broken || !resolved(prune.columns)) continue;
      const version = upsert?.action.kind === 'newest' ? [upsert.action.by] : [];
      for (const column of [...prune.columns, ...version])
        for (const { source } of writers.flatMap((writer) => repeatedBehind(writer, column))) {
          report(
            finding(
              prunedColumns.description,
              column.span,
              `\`${column.name}\` differs between the rows of \`${source.alias}\`, so it does not say which rows to prune`,
              {
                related: [{ span: source.tree.span, text: 'the repeated source' }, { span: prune.span }],
                help: 'name columns that are the same for the whole message, such as its key',
              },
            ),
          );
        }
    }
  },
};

/** The repeated sources on which the value of a column depends. */
function repeatedBehind(
  writer: RecordModel,
  column: ColumnName,
): readonly { readonly source: SourceModel }[] {
  const fields = writtenFields(writer, [column]);
  return writer.sources.flatMap((source, slot) =>
    isRepeated(writer.sources, slot) && fields.some((field) => dependsOn(writer, field, slot))
      ? [{ source }]
      : [],
  );
}
