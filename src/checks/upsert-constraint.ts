import { finding } from '../diagnostics/diagnostic.ts';
import { marksKey } from '../model/build/foreign-attributes.ts';
import type { ConstraintModel, StoreModel, UpsertModel } from '../model/program.ts';
import { tableName } from '../model/table-name.ts';
import type { Check } from './check.ts';
import { constraintOn, listed, resolved } from './constraint-columns.ts';

export const upsertConstraint: Check = {
  description: {
    code: 'NOM201',
    severity: 'error',
    title: 'an upsert has no `key` or `unique` on exactly its columns',
    explanation: `Postgres accepts \`ON CONFLICT (a, b)\` only if there is a unique constraint on exactly these columns. Without it, every
statement fails with 42P10.

\`\`\`nom
store lines { key (order_key, part_key)  upsert on (order_key, line_number) }         // wrong
store lines { key (order_key, line_number)  upsert on (order_key, line_number) }      // right
\`\`\`

The order of the columns does not matter.`,
  },
  run: (program, report) => {
    for (const store of program.stores) {
      const { upsert, record } = store;
      if (upsert === undefined || record.broken || !resolved(upsert.columns)) continue;
      if (!store.keys.every((each) => resolved(each.columns))) continue;
      if (constraintOn(store, upsert.columns) !== undefined) continue;
      // `@id` at a field says what is missing.
      if (upsert.columns.every(({ field }) => field?.tree?.attributes.some(marksKey))) continue;
      const near = nearest(store, upsert);
      const key = listed(upsert.columns);
      report(
        finding(
          upsertConstraint.description,
          upsert.tree.columns.span,
          `the upsert of ${tableName(store)} is on ${key}, but no \`key\` or \`unique\` has exactly these columns`,
          {
            label: 'no unique constraint on these columns',
            related: near === undefined ? [] : [{ span: near.span, text: 'the closest constraint' }],
            help:
              near === undefined
                ? `add \`key ${key}\``
                : `declare \`${near.kind} ${key}\`, or upsert on ${listed(near.columns)}`,
          },
        ),
      );
    }
  },
};

/** The constraint that shares most columns with the upsert key, the one with fewest others first. */
function nearest(store: StoreModel, upsert: UpsertModel): ConstraintModel | undefined {
  const wanted = new Set(upsert.columns.map((column) => column.name));
  const distance = (each: ConstraintModel): number => {
    const shared = each.columns.filter((column) => wanted.has(column.name)).length;
    return each.columns.length + wanted.size - 2 * shared;
  };
  return store.keys.toSorted((a, b) => distance(a) - distance(b))[0];
}
