import { finding, type Report } from '../diagnostics/diagnostic.ts';
import type { ColumnName, StoreModel } from '../model/program.ts';
import type { Span } from '../text/source.ts';
import { tableName } from '../model/table-name.ts';
import type { Check } from './check.ts';
import { LARGEST_ROW, smallestRow } from './row-size.ts';

const COLUMNS = 1600;
const KEY_COLUMNS = 32;

export const tableSize: Check = {
  description: {
    code: 'NOM216',
    severity: 'error',
    title: 'a table or constraint is larger than Postgres allows',
    explanation: `A table in Postgres has at most ${COLUMNS} columns. A key, a unique constraint, an index or a reference has at most
${KEY_COLUMNS} columns. A row has at most ${LARGEST_ROW} bytes, because it must fit into one page of 8 kB. Postgres moves long texts,
lists, decimals and JSON out of the row, but not values of a fixed size: \`bool\` takes 1 byte, \`int\` and \`date\` take 4, \`bigint\`,
\`float\`, \`time\` and \`timestamp\` take 8, \`uuid\` takes 16. A null takes no room. It is an error if not even the smallest row fits.

Read objects and lists as a \`json\` field, or put some of the columns into a second table with a derivation.

\`\`\`nom
entity Sample { id: int  v1: float  v2: float  …  v1100: float  store samples { … } }  // wrong: 8,800 bytes
entity Sample { id: int  values: float[]                        store samples { … } }  // right
\`\`\``,
  },
  run: (program, report) => {
    for (const store of program.stores) {
      if (store.record.broken) continue;
      reportColumns(store, report);
      for (const { kind, columns, span } of store.keys) reportKey(`a ${kind}`, columns, span, report);
      for (const { columns, tree } of store.indexes) reportKey('an index', columns, tree.span, report);
      for (const { columns, span } of store.refs) reportKey('a reference', columns, span, report);
    }
  },
};

function reportColumns(store: StoreModel, report: Report): void {
  const { columns, tree } = store;
  const size = smallestRow(columns);
  if (columns.length > COLUMNS)
    report(
      finding(
        tableSize.description,
        tree.table.span,
        `the table ${tableName(store)} has ${columns.length} columns, but a table in Postgres has at most ${COLUMNS}`,
        { label: `${columns.length} columns`, help: 'read some of the fields as one `json` field or list' },
      ),
    );
  else if (size > LARGEST_ROW)
    report(
      finding(
        tableSize.description,
        tree.table.span,
        `a row of ${tableName(store)} has at least ${size} bytes, but a row in Postgres has at most ${LARGEST_ROW}`,
        {
          label: `${columns.length} columns with at least ${size} bytes`,
          help: 'read some of the fields as one `json` field or list, or put them into a second table',
        },
      ),
    );
}

function reportKey(what: string, columns: readonly ColumnName[], span: Span, report: Report): void {
  if (columns.length <= KEY_COLUMNS) return;
  report(
    finding(
      tableSize.description,
      span,
      `${what} in Postgres has at most ${KEY_COLUMNS} columns, but this one has ${columns.length}`,
      {
        label: `${columns.length} columns`,
        help: 'use fewer columns, or one field that is computed from them, such as `sha256(concat(…))`',
      },
    ),
  );
}
