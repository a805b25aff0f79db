import { finding } from '../diagnostics/diagnostic.ts';
import type { ColumnName, UpsertModel } from '../model/program.ts';
import { describe, scalarName } from '../model/type.ts';
import type { Check } from './check.ts';

const numbers = ['int', 'bigint', 'decimal', 'float'];

export const addColumns: Check = {
  description: {
    code: 'NOM211',
    severity: 'error',
    title: '`add` names a column that cannot be added up',
    explanation: `\`upsert on (day) add (revenue, orders)\` adds the incoming values to the stored ones; all other columns are replaced.
A column can be added up if it is a number, is never null and is not part of the key.

\`\`\`nom
upsert on (day) add (day)             // wrong: the key says which row it is
upsert on (day) add (customer)        // wrong: a text
upsert on (day) add (orders)          // right: orders is an int
\`\`\``,
  },
  run: (program, report) => {
    for (const { record, upsert } of program.stores) {
      if (upsert?.action.kind !== 'add' || record.broken) continue;
      for (const column of upsert.action.columns) {
        const problem = problemOf(column, upsert);
        if (problem !== undefined)
          report(
            finding(
              addColumns.description,
              column.span,
              `\`${column.name}\` cannot be added up: ${problem}`,
              {
                related:
                  column.field === undefined ? [] : [{ span: column.field.span, text: 'declared here' }],
              },
            ),
          );
      }
    }
  },
};

function problemOf({ name, field }: ColumnName, upsert: UpsertModel): string | undefined {
  if (field === undefined || field.type.type.kind === 'unknown') return undefined;
  if (upsert.columns.some((column) => column.name === name)) return 'it is part of the key';
  if (!numbers.includes(scalarName(field.type.type) ?? ''))
    return `it is ${describe(field.type)}, not a number`;
  return field.type.nullable ? 'it can be null' : undefined;
}
