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
    const taken = new Map<string, Map<string, Taken>>();
    const declared = new Set<string>();
    for (const store of program.stores) {
      // Tables that are declared twice have all names twice: NOM208 says so.
      const id = tableId(store);
      const isRepeated = declared.has(id);
      declared.add(id);
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
      for (const { set, text, span } of namesOf(store)) {
        const names = taken.get(set) ?? new Map<string, Taken>();
        taken.set(set, names);
        const other = names.get(text);
        if (other === undefined) names.set(text, { span, table: id });
        else
          report(
            finding(generatedNames.description, span, `two names become \`${text}\``, {
              related: [{ span: other.span, text: 'the other name' }],
              help: other.table === id ? 'leave one of them out' : 'call one of the tables otherwise',
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

/** Where a name is taken, and by which table. */
interface Taken {
  readonly span: Span;
  readonly table: string;
}

interface MadeName {
  /** The schema or the table in which it must be the only one. */
  readonly set: string;
  readonly text: string;
  readonly span: Span;
}

/** Tables and indexes of a schema share one set of names; foreign keys have a set in each table. */
function namesOf(store: StoreModel): readonly MadeName[] {
  const { table, tree, schema = DEFAULT_SCHEMA } = store;
  const columns = (list: readonly { readonly name: string }[]): string[] => list.map((column) => column.name);
  const names: MadeName[] = [{ set: schema, text: table, span: tree.table.span }];
  // In a table that exists nothing gets a name, but it has its own.
  if (!store.existing) {
    const first = store.keys.find(({ kind }) => kind === 'key');
    for (const key of store.keys) {
      // A second `key` is told as that.
      if (key.kind === 'key' && key !== first) continue;
      names.push({
        set: schema,
        text: constraintName(table, key.kind, columns(key.columns)),
        span: key.span,
      });
    }
    for (const index of store.indexes)
      names.push({ set: schema, text: indexName(table, columns(index.columns)), span: index.tree.span });
    for (const ref of store.refs)
      if (!ref.soft)
        names.push({ set: tableId(store), text: refName(table, columns(ref.columns)), span: ref.span });
  }
  // What nomnom remembers of deletions is in the schema of its own tables, whatever schema the table is in.
  if (store.delete !== undefined && store.upsert?.action.kind === 'newest')
    names.push({ set: DEFAULT_SCHEMA, text: tombstoneTableName(store), span: tree.table.span });
  return names;
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
