import { grantsOf } from '../../src/sql/postgres/privileges.ts';
import type { RoleKind } from '../../src/sql/role-kind.ts';

const HEAD = `-- Gives the users of the roles what they need of the tables that \`nomnom apply\` has made. psql runs it as the user of apply:
--   psql --set=schema= --set=ingest=shop_ingest --set=worker=shop_worker --set=refused=false --file=grants.sql
-- \`schema\` is that of nomnom's own tables, or empty; \`refused\` is true for on_refused: dead_letter. Safe to repeat.
-- Written by \`npm run generate\` from src/sql/postgres/privileges.ts.
SELECT coalesce(nullif(:'schema', ''), current_schema()) AS ledger \\gset
BEGIN;
`;

const SCHEMA = `
SELECT format('GRANT USAGE ON SCHEMA %I TO %I, %I', :'ledger', :'ingest', :'worker')
WHERE has_schema_privilege(:'ledger', 'USAGE WITH GRANT OPTION') \\gexec
`;

/** Every table of the user that is not one of nomnom's own; what remembers deletions belongs to the program's. */
const PROGRAM = `
-- The tables of the program.
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I.%I TO %I', schemaname, tablename, :'worker')
FROM pg_catalog.pg_tables
WHERE tableowner = current_user AND schemaname = current_schema()
  AND NOT (tablename = ANY (ARRAY[:names]) OR (tablename LIKE 'nomnom\\_%' AND tablename NOT LIKE 'nomnom\\_deleted\\_%')) \\gexec
COMMIT;
`;

/** The script that the Job runs after apply, in the form of psql. */
export function chartGrants(): string {
  const kinds = ['ingest', 'worker'] as const;
  const rows = kinds.flatMap((kind) => [...rowsOf(kind, 'ledger'), ...rowsOf(kind, 'queue')]);
  const names = new Set(kinds.flatMap((kind) => Object.keys(grantsOf(kind, 'ledger'))));
  const own = [...names].map((name) => `'${name}'`).join(', ');
  return (
    HEAD +
    SCHEMA +
    `\n-- nomnom's own tables; those of the queue exist where it is in Postgres.\n${granting(rows)}` +
    `\n\\if :refused\n${granting(Object.entries(grantsOf('ingest', 'refused')).map(([table, rights]) => row('ingest', table, rights)))}\\endif\n` +
    PROGRAM.replace(':names', own)
  );
}

function rowsOf(kind: RoleKind, part: 'ledger' | 'queue'): readonly string[] {
  return Object.entries(grantsOf(kind, part)).map(([table, rights]) => row(kind, table, rights));
}

function row(kind: RoleKind, table: string, rights: readonly string[]): string {
  return `  (:'${kind}', '${table}', '${rights.join(', ')}')`;
}

function granting(rows: readonly string[]): string {
  return `SELECT format('GRANT %s ON %I.%I TO %I', rights, :'ledger', name, who)
FROM (VALUES
${rows.join(',\n')}
) AS wanted (who, name, rights)
WHERE to_regclass(format('%I.%I', :'ledger', name)) IS NOT NULL \\gexec
`;
}
