import type { TablePlan } from '../../../plan/plan.ts';
import type { StoreFacts, Stored } from '../../../ports/server-facts.ts';
import { READ_FACTS, READ_TABLE_SIZE } from '../../../sql/postgres/catalog/server-facts.ts';
import { OWN_TABLES } from '../../../sql/postgres/catalog/server-settings.ts';
import { textInSchema } from '../../../sql/postgres/own-schema.ts';
import { grantsOf, grantsOn, READ_LACKING } from '../../../sql/postgres/privileges.ts';
import { unsupported } from '../../../sql/postgres/catalog/versions.ts';
import type { RoleKind } from '../../../sql/role-kind.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';

export async function factsOf(
  sql: SqlSession,
  schema: string | undefined,
  now: () => number,
): Promise<StoreFacts> {
  const asked = now();
  const [row] = (await sql.query({ text: READ_FACTS })).rows;
  // The server looked at its clock between the two.
  const ours = (asked + now()) / 2;
  const stores: Stored[] = [stored('the database', row?.['database_bytes'])];
  for (const table of OWN_TABLES) {
    const { rows } = await sql.query({ text: READ_TABLE_SIZE, values: [inSchema(table, schema)] });
    if (rows[0]?.['bytes'] !== null) stores.push(stored(`table ${table}`, rows[0]?.['bytes']));
  }
  const outdated = unsupported(Number(row?.['version_number']));
  return {
    ...(outdated === undefined ? {} : { outdated: { loses: false, ...outdated } }),
    version: `Postgres ${String(row?.['version'])}`,
    user: String(row?.['who']),
    superuser: row?.['superuser'] === true,
    encrypted: row?.['encrypted'] === true,
    local: row?.['local'] === true,
    clockAhead: Number(row?.['now_ms']) - ours,
    stores,
  };
}

function stored(name: string, bytes: unknown): Stored {
  return { name, bytes: Number(bytes), limit: undefined, durable: true };
}

/** `INSERT on dead_letters`, for each right on our own tables that the user lacks. */
export function lackingOf(
  sql: SqlSession,
  schema: string | undefined,
  kind: RoleKind,
  { queueHere, keepsRefused }: { readonly queueHere: boolean; readonly keepsRefused: boolean },
): Promise<readonly string[]> {
  const grants = {
    ...grantsOf(kind, 'ledger'),
    ...(keepsRefused ? grantsOf(kind, 'refused') : {}),
    ...(queueHere ? grantsOf(kind, 'queue') : {}),
  };
  return lackingGrants(sql, grants, (table) => inSchema(table, schema));
}

/** The same for tables of the program. */
export async function lackingOn(sql: SqlSession, tables: readonly TablePlan[]): Promise<readonly string[]> {
  const lacking = await lackingGrants(sql, Object.assign({}, ...tables.map(grantsOn)));
  return lacking.map((each) => each.replaceAll('"', ''));
}

async function lackingGrants(
  sql: SqlSession,
  grants: Readonly<Record<string, readonly string[]>>,
  nameOf = (table: string): string => table,
): Promise<readonly string[]> {
  const wanted = Object.entries(grants).flatMap(([table, privileges]) =>
    privileges.map((privilege) => ({ table: nameOf(table), privilege })),
  );
  if (wanted.length === 0) return [];
  const values = [wanted.map(({ table }) => table), wanted.map(({ privilege }) => privilege)];
  const { rows } = await sql.query({ text: READ_LACKING, values });
  return rows.map((row) => `${String(row['privilege'])} on ${String(row['name'])}`);
}

function inSchema(table: string, schema: string | undefined): string {
  return schema === undefined ? table : textInSchema(table, schema);
}
