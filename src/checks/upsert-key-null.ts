import { finding } from '../diagnostics/diagnostic.ts';
import { tableName } from '../model/table-name.ts';
import { describe } from '../model/type.ts';
import type { Check } from './check.ts';
import { constraintOn, listed } from './constraint-columns.ts';

export const upsertKeyNull: Check = {
  description: {
    code: 'NOM202',
    severity: 'error',
    title: 'an upsert key contains a nullable column',
    explanation: `In a unique constraint, two nulls are different. Two rows with null in the key do not conflict, so a message that is
delivered twice inserts two rows. Make the column non-null, or write \`nulls equal\` after the constraint.

\`\`\`nom
channel: text(8)?                                            // wrong in a key
unique (sensor, channel, at) nulls equal                     // right: two nulls are the same key
channel: text(8)                                             // right
\`\`\``,
  },
  run: (program, report) => {
    for (const store of program.stores) {
      if (store.upsert === undefined || store.record.broken) continue;
      const constraint = constraintOn(store, store.upsert.columns);
      // Without a constraint, NOM201 says what to write first.
      if (constraint === undefined || constraint.nullsEqual) continue;
      for (const column of store.upsert.columns) {
        const { field } = column;
        if (field === undefined || !field.type.nullable) continue;
        report(
          finding(
            upsertKeyNull.description,
            column.span,
            `the upsert key of ${tableName(store)} contains \`${column.name}\`, which can be null, so a redelivered message would be inserted twice`,
            {
              label: 'two nulls are not equal, so they do not conflict',
              related: [{ span: field.span, text: `\`${column.name}\` is ${describe(field.type)}` }],
              help: `declare \`${column.name}\` without \`?\`, or write \`unique ${listed(store.upsert.columns)} nulls equal\``,
            },
          ),
        );
      }
    }
    for (const store of program.stores) {
      if (store.record.broken) continue;
      for (const constraint of store.keys) {
        if (
          constraint.kind !== 'key' ||
          (store.upsert !== undefined && constraintOn(store, store.upsert.columns) === constraint)
        )
          continue;
        for (const column of constraint.columns)
          if (column.field?.type.nullable === true)
            report(
              finding(
                upsertKeyNull.description,
                column.span,
                `the primary key of ${tableName(store)} contains \`${column.name}\`, which can be null`,
                {
                  related: [
                    { span: column.field.span, text: `\`${column.name}\` is ${describe(column.field.type)}` },
                  ],
                  help: 'declare the column without `?`, or use `unique`',
                },
              ),
            );
      }
    }
  },
};
