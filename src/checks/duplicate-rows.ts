import { finding } from '../diagnostics/diagnostic.ts';
import type { StoreModel } from '../model/program.ts';
import { tableName } from '../model/table-name.ts';
import type { Check } from './check.ts';

export const duplicateRows: Check = {
  description: {
    code: 'NOM217',
    severity: 'warning',
    title: 'rows of one message may have to be added up',
    explanation: `A store with \`add\` takes many rows from one message. Of rows with the same key, equal ones count once, and different ones
reject the message, as in every store. A counter mostly wants their sum. Say what is meant:

\`\`\`nom
derive Sold from Order as o, each o.lines as line {
  sku    = line.sku
  pieces = line.pieces
  store sold { key (sku)  upsert on (sku) add (pieces) }                    // two equal lines count once
  store sold { key (sku)  upsert on (sku) add (pieces)  duplicates add }    // both count
}
\`\`\`

\`duplicates first\` and \`duplicates last\` take one of the rows.`,
  },
  run: (program, report) => {
    for (const store of program.stores) {
      const { upsert, duplicates, record } = store;
      if (upsert?.action.kind !== 'add' || duplicates !== undefined || record.broken) continue;
      if (!hasSeveralRows(store)) continue;
      report(
        finding(
          duplicateRows.description,
          upsert.tree.span,
          `one message can have several rows of ${tableName(store)} with one key, and they are not added up`,
          {
            label: 'adds up rows of different messages',
            help: 'write `duplicates add` to add up the rows of one message too; `duplicates first` takes one of them',
          },
        ),
      );
    }
  },
};

/** Whether one message may have more than one row for the table. */
function hasSeveralRows({ writers }: StoreModel): boolean {
  return writers.some(
    (writer, at) =>
      writer.rows === 'many' ||
      writers.some((other, place) => place > at && writer.roots.some((root) => other.roots.includes(root))),
  );
}
