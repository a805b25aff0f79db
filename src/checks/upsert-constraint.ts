import { finding } from '../diagnostics/diagnostic.ts';
import type { ConstraintModel, StoreModel, UpsertModel } from '../model/program.ts';
import type { Check } from './check.ts';
import { constraintOn, listed, resolved } from './constraint-columns.ts';

export const upsertConstraint: Check = {
  description: {
    code: 'NOM201',
    severity: 'error',
    title: 'an upsert key has no backing key or unique on exactly these columns',
    explanation: `Postgres accepts \`ON CONFLICT (a, b)\` only where a unique constraint stands on exactly these columns.
Without one every statement fails with 42P10, each message is retried for nothing, and all of them end as dead letters.

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
      const near = nearest(store, upsert);
      const key = listed(upsert.columns);
      report(
        finding(
          upsertConstraint.description,
          upsert.tree.columns.span,
          `the upsert of ${store.table} is on ${key}, but no \`key\` or \`unique\` stands on exactly these columns`,
          {
            label: 'Postgres would refuse this conflict target',
            related: near === undefined ? [] : [{ span: near.span, text: 'the nearest constraint' }],
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
