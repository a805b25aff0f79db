import { finding, type Report } from '../diagnostics/diagnostic.ts';
import type { StoreModel } from '../model/program.ts';
import { DEFAULT_SCHEMA } from '../model/table-name.ts';
import type { Span } from '../text/source.ts';
import type { Check } from './check.ts';

interface Named {
  readonly name: string;
  readonly span: Span;
  /** Differs between names that are no neighbours; by default the name itself. */
  readonly path?: string;
  /** Only names of one group are compared. */
  readonly group?: string;
}

export const letterCase: Check = {
  description: {
    code: 'NOM116',
    severity: 'warning',
    title: 'two names differ only in capital letters',
    explanation: `nomnom, Postgres, JetStream and URLs tell \`orders\` and \`Orders\` apart. Other tools do not: SQL without double quotes reads
\`Orders\` as \`orders\`, some disks and proxies ignore capital letters, and people overlook them. This is reported for schemas, for the
tables of a schema, for the columns of a table, for entities, streams, subjects, roles and secrets, and for the files that imports and lookups name.

\`\`\`nom
entity Order { id: int  store orders { … } }
entity Note  { id: int  store Orders { … } }      // wrong: easily taken for the first table
entity Note  { id: int  store notes  { … } }      // right
\`\`\``,
  },
  run: ({ files, stores, streams, roles, entities, secrets }, report) => {
    compare('schemas', schemasOf(stores), report);
    compare('tables', tablesOf(stores), report);
    for (const { columns, existing } of stores) if (!existing) compare('columns', columns, report);
    compare('entities', named(entities), report);
    compare('streams', named(streams), report);
    for (const { subjects } of streams) compare('subjects', named(subjects), report);
    compare('roles', named(roles), report);
    compare('secrets', named(secrets), report);
    compare('files', files, report, 'write the path alike in both places, or rename one of the files');
  },
};

/** Each schema once, at the first table that names it. */
function schemasOf(stores: readonly StoreModel[]): readonly Named[] {
  const first = new Map<string, Named>();
  for (const { schema: name = DEFAULT_SCHEMA, tree } of stores)
    if (!first.has(name)) first.set(name, { name, span: (tree.schema ?? tree.table).span });
  return [...first.values()];
}

/** Tables whose schemas differ in letters already are told apart by nothing else, so they are not compared. */
function tablesOf(stores: readonly StoreModel[]): readonly Named[] {
  const isQualified = stores.some(({ schema }) => schema !== undefined);
  return stores.map(({ schema = DEFAULT_SCHEMA, table, tree }) => ({
    name: isQualified ? `${schema}.${table}` : table,
    span: tree.table.span,
    group: schema,
    path: table,
  }));
}

function named(
  list: readonly { readonly name: string; readonly tree?: { readonly name: { readonly span: Span } } }[],
): readonly Named[] {
  return list.flatMap(({ name, tree }) => (tree === undefined ? [] : [{ name, span: tree.name.span }]));
}

function compare(what: string, all: readonly Named[], report: Report, help = 'rename one of them'): void {
  // Without capital letters names that differ only in them are equal.
  if (all.every(({ name, path = name }) => path === path.toLowerCase())) return;
  const first = new Map<string, Named>();
  for (const each of all) {
    const { name, span, path = name, group = '' } = each;
    const key = `${group} ${path.toLowerCase()}`;
    const other = first.get(key);
    first.set(key, other ?? each);
    // Equal names are another finding's.
    if (other === undefined || (other.path ?? other.name) === path) continue;
    report(
      finding(
        letterCase.description,
        span,
        `the ${what} \`${other.name}\` and \`${name}\` differ only in capital letters`,
        { related: [{ span: other.span, text: 'the other name' }], help },
      ),
    );
  }
}
