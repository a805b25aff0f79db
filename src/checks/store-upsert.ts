import { finding } from '../diagnostics/diagnostic.ts';
import { tableName } from '../model/table-name.ts';
import type { Check } from './check.ts';
import { listed } from './constraint-columns.ts';

export const storeUpsert: Check = {
  description: {
    code: 'NOM203',
    severity: 'error',
    title: 'a stored entity has no upsert',
    explanation: `Every message can be delivered more than once. Without an upsert, a second delivery fails on the key. If there is no key, it
writes the rows twice.

\`\`\`nom
store orders { key (order_key) }                             // wrong
store orders { key (order_key)  upsert on (order_key) }      // right: the last message wins
\`\`\`

\`replace\` (the default) overwrites, \`keep\` keeps the first row, \`newest by version\` writes only a larger version.`,
  },
  run: (program, report) => {
    for (const store of program.stores) {
      if (store.upsert !== undefined || store.record.broken) continue;
      const columns = store.keys[0]?.columns;
      report(
        finding(
          storeUpsert.description,
          store.tree.table.span,
          `${tableName(store)} has no upsert: a redelivered message would fail or write its rows twice`,
          {
            label: 'no upsert',
            help:
              columns === undefined ? 'add `key (…)  upsert on (…)`' : `add \`upsert on ${listed(columns)}\``,
          },
        ),
      );
    }
  },
};
