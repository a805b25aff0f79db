import { finding, type Report } from '../diagnostics/diagnostic.ts';
import { constraintName, indexName, refName } from '../model/generated-names.ts';
import type { StoreModel } from '../model/program.ts';
import type { Span } from '../text/source.ts';
import type { Check } from './check.ts';

const systemColumns = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);
const ownTables = new Set(['message_status', 'dead_letters']);

export const generatedNames: Check = {
  description: {
    code: 'NOM209',
    severity: 'error',
    title: 'a name is longer than 63 bytes, reserved, or taken',
    explanation: `Postgres cuts names after 63 bytes, has six system columns (\`tableoid xmin cmin xmax cmax ctid\`), and reserves
schemas that begin with \`pg_\`. nomnom's own tables are \`message_status\`, \`dead_letters\` and those that begin with
\`nomnom_\`. Names of constraints and indexes are made of the table's and the columns' names and shortened where needed;
two that come out the same are refused.`,
  },
  run: (program, report) => {
    const made = new Map<string, StoreModel>();
    for (const store of program.stores) {
      if (store.record.broken) continue;
      const table = store.tree.table;
      checkLength(table.text, table.span, report);
      if (store.schema !== undefined && store.schema.startsWith('pg_') && store.tree.schema !== undefined)
        report(
          finding(
            generatedNames.description,
            store.tree.schema.span,
            `schemas that begin with \`pg_\` belong to Postgres`,
          ),
        );
      if (ownTables.has(table.text) || table.text.startsWith('nomnom_'))
        report(
          finding(generatedNames.description, table.span, `\`${table.text}\` is a table of nomnom itself`),
        );
      for (const column of store.columns) {
        checkLength(column.name, column.span, report);
        if (systemColumns.has(column.name))
          report(
            finding(
              generatedNames.description,
              column.span,
              `\`${column.name}\` is a system column of every Postgres table`,
              {
                help: 'call the field otherwise and read it with `@json("' + column.name + '")`',
              },
            ),
          );
      }
      for (const name of namesOf(store)) {
        const other = made.get(name);
        if (other !== undefined)
          report(
            finding(
              generatedNames.description,
              table.span,
              `the name \`${name}\` comes out twice, here and for ${other.table}`,
              {
                related: [{ span: other.tree.table.span }],
                help: 'call one of the tables otherwise',
              },
            ),
          );
        made.set(name, store);
      }
    }
  },
};

function namesOf(store: StoreModel): ReadonlySet<string> {
  const columns = (list: readonly { readonly name: string }[]): string[] => list.map((column) => column.name);
  return new Set([
    store.table,
    ...store.keys.map((key) => constraintName(store.table, key.kind, columns(key.columns))),
    ...store.indexes.map((index) => indexName(store.table, columns(index.columns))),
    ...store.refs.filter((ref) => !ref.soft).map((ref) => refName(store.table, columns(ref.columns))),
  ]);
}

function checkLength(name: string, span: Span, report: Report): void {
  const bytes = name.length;
  if (bytes > 63)
    report(
      finding(generatedNames.description, span, `Postgres cuts names after 63 bytes, this one has ${bytes}`),
    );
}
