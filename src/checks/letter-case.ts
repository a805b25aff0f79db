import { finding, type Report } from '../diagnostics/diagnostic.ts';
import { tableId, tableName } from '../model/table-name.ts';
import type { Span } from '../text/source.ts';
import type { Check } from './check.ts';

interface Named {
  readonly name: string;
  readonly span: Span;
  /** Differs between names that are no neighbours; by default the name itself. */
  readonly path?: string;
}

export const letterCase: Check = {
  description: {
    code: 'NOM116',
    severity: 'warning',
    title: 'two names differ only in capital letters',
    explanation: `nomnom, Postgres, JetStream and URLs tell \`orders\` and \`Orders\` apart. Other tools do not: SQL without double quotes reads
\`Orders\` as \`orders\`, some disks and proxies ignore capital letters, and people overlook them. This is reported for tables, for the
columns of a table, for entities, streams, subjects, roles and secrets, and for the files that imports and lookups name.

\`\`\`nom
entity Order { id: int  store orders { … } }
entity Note  { id: int  store Orders { … } }      // wrong: easily taken for the first table
entity Note  { id: int  store notes  { … } }      // right
\`\`\``,
  },
  run: ({ files, stores, streams, roles, entities, secrets }, report) => {
    compare(
      'tables',
      stores.map((store) => ({ name: tableName(store), span: store.tree.table.span, path: tableId(store) })),
      report,
    );
    for (const { columns, existing } of stores) if (!existing) compare('columns', columns, report);
    compare('entities', named(entities), report);
    compare('streams', named(streams), report);
    for (const { subjects } of streams) compare('subjects', named(subjects), report);
    compare('roles', named(roles), report);
    compare('secrets', named(secrets), report);
    compare('files', files, report, 'write the path alike in both places, or rename one of the files');
  },
};

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
    const { name, span, path = name } = each;
    const other = first.get(path.toLowerCase());
    first.set(path.toLowerCase(), other ?? each);
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
