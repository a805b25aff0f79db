import { finding, type Report } from '../diagnostics/diagnostic.ts';
import { constraintName, indexName, refName, tombstoneTableName } from '../model/generated-names.ts';
import type { StoreModel } from '../model/program.ts';
import { DEFAULT_SCHEMA, tableId } from '../model/table-name.ts';
import type { Span } from '../text/source.ts';
import type { Check } from './check.ts';

const systemColumns = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);
/** Tables of our own and their indexes, apart from those that begin with `nomnom_`. */
const ownTables = new Set([
  'message_status',
  'message_status_pkey',
  'dead_letters',
  'dead_letters_pkey',
  'dead_letters_id_seq',
  'dead_letters_message',
  'dead_letters_failed_at',
  'idempotency_keys',
  'idempotency_keys_pkey',
]);

export const generatedNames: Check = {
  description: {
    code: 'NOM209',
    severity: 'error',
    title: 'a name is longer than 63 bytes, reserved, or taken',
    explanation: `Postgres cuts names after 63 bytes, has six system columns (\`tableoid xmin cmin xmax cmax ctid\`), and reserves
\`information_schema\`, schemas that begin with \`pg_\`, and, without a schema, tables that begin with \`pg_\`: it looks for them
among its own first. nomnom's own tables are \`message_status\`, \`dead_letters\`, \`idempotency_keys\` and those that begin with
\`nomnom_\`. Names of constraints and indexes are made from the names of the table and its columns, and shortened if needed. Two equal
names are an error. So are two tables that would share a table of tombstones, \`nomnom_deleted_SCHEMA_TABLE\`.`,
  },
  run: (program, report) => {
    const taken = new Map<string, { readonly span: Span; readonly table: string }>();
    const declared = new Set<string>();
    for (const store of program.stores) {
      // Tables that are declared twice have all names twice: NOM208 says so.
      const isRepeated = declared.has(tableId(store));
      declared.add(tableId(store));
      if (store.record.broken || isRepeated) continue;
      const table = store.tree.table;
      checkLength(table.text, table.span, report);
      if (store.tree.schema !== undefined)
        checkLength(store.tree.schema.text, store.tree.schema.span, report);
      checkReserved(store, report);
      if (isOwnTable(store))
        report(
          finding(generatedNames.description, table.span, `\`${table.text}\` is one of nomnom's own tables`, {
            label: 'reserved for nomnom',
            help: 'rename the table, or put it into a schema',
          }),
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
                label: 'a system column',
                help: 'rename the field and read it with `@json("' + column.name + '")`',
              },
            ),
          );
      }
      // In a table that exists nothing gets a name, but it has its own.
      for (const { name, span } of [
        ...namesOf(store).slice(0, store.existing ? 1 : undefined),
        ...tombstoneTableNames(store),
      ]) {
        const other = taken.get(name.path);
        if (other === undefined) taken.set(name.path, { span, table: tableId(store) });
        else
          report(
            finding(generatedNames.description, span, `two names become \`${name.text}\``, {
              related: [{ span: other.span, text: 'the other name' }],
              help:
                other.table === tableId(store) ? 'leave one of them out' : 'call one of the tables otherwise',
            }),
          );
      }
    }
  },
};

/** Names that Postgres keeps for itself, in small letters only. */
function checkReserved({ tree }: StoreModel, report: Report): void {
  const { schema, table } = tree;
  const isSystem = schema !== undefined && /^(pg_|information_schema$)/.test(schema.text);
  const isShadowed = schema === undefined && table.text.startsWith('pg_');
  if (!isSystem && !isShadowed) return;
  report(
    finding(
      generatedNames.description,
      isSystem ? schema.span : table.span,
      isSystem
        ? `Postgres reserves ${schema.text.startsWith('pg_') ? 'schemas that begin with `pg_`' : '`information_schema`'}`
        : 'Postgres looks for tables that begin with `pg_` among its own',
      {
        label: 'reserved for Postgres',
        help: isSystem ? 'rename the schema' : 'rename the table, or put it into a schema',
      },
    ),
  );
}

/** The ledger is in the schema that the connection names first. */
function isOwnTable(store: StoreModel): boolean {
  const ours = ownTables.has(store.table) || store.table.startsWith('nomnom_');
  return ours && (store.schema ?? DEFAULT_SCHEMA) === DEFAULT_SCHEMA;
}

interface MadeName {
  readonly name: { readonly text: string; readonly path: string };
  readonly span: Span;
}

/** Tables and indexes of a schema share one set of names; foreign keys have a set in each table. */
function namesOf(store: StoreModel): readonly MadeName[] {
  const { table, tree } = store;
  const columns = (list: readonly { readonly name: string }[]): string[] => list.map((column) => column.name);
  const inSchema = (text: string, span: Span): MadeName => ({
    name: { text, path: `${store.schema ?? DEFAULT_SCHEMA}.${text}` },
    span,
  });
  const inTable = (text: string, span: Span): MadeName => ({
    name: { text, path: `${tableId(store)}.${text}` },
    span,
  });
  return [
    inSchema(table, tree.table.span),
    ...store.keys.map((key) => inSchema(constraintName(table, key.kind, columns(key.columns)), key.span)),
    ...store.indexes.map((index) => inSchema(indexName(table, columns(index.columns)), index.tree.span)),
    ...store.refs
      .filter((ref) => !ref.soft)
      .map((ref) => inTable(refName(table, columns(ref.columns)), ref.span)),
  ];
}

/** What nomnom remembers of deletions is in the schema of its own tables, whatever schema the table is in. */
function tombstoneTableNames({
  schema,
  table,
  tree,
  delete: deletion,
  upsert,
}: StoreModel): readonly MadeName[] {
  if (deletion === undefined || upsert?.action.kind !== 'newest') return [];
  const text = tombstoneTableName({ schema, table });
  return [{ name: { text, path: `${DEFAULT_SCHEMA}.${text}` }, span: tree.table.span }];
}

function checkLength(name: string, span: Span, report: Report): void {
  const bytes = name.length;
  if (bytes > 63)
    report(
      finding(generatedNames.description, span, `a name in Postgres has at most 63 bytes, found ${bytes}`, {
        label: `${bytes} bytes`,
        help: 'use a shorter name',
      }),
    );
}
