import { Failure } from '../../../ports/failure.ts';
import type { StoreFacts, Stored } from '../../../ports/server-facts.ts';
import { READ_FACTS, READ_TABLE_SIZE } from '../../../sql/postgres/catalog/server-facts.ts';
import { OWN_TABLES } from '../../../sql/postgres/catalog/server-settings.ts';
import { nameInSchema } from './name-in-schema.ts';
import { unsupported } from '../../../sql/postgres/catalog/versions.ts';
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
    const bytes = await sizeOf(sql, nameInSchema(table, schema));
    if (bytes !== null) stores.push(stored(`table ${table}`, bytes));
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

/** Null where there is no such table, or this user may not use its schema, which is told as a right that it lacks. */
async function sizeOf(sql: SqlSession, table: string): Promise<unknown> {
  try {
    return (await sql.query({ text: READ_TABLE_SIZE, values: [table] })).rows[0]?.['bytes'];
  } catch (error) {
    if (error instanceof Failure && error.forbidden) return null;
    throw error;
  }
}

function stored(name: string, bytes: unknown): Stored {
  return { name, bytes: Number(bytes), limit: undefined, durable: true };
}
