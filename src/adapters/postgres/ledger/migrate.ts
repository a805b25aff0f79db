import { Failure } from '../../../ports/failure.ts';
import {
  CREATE_MIGRATIONS,
  LOCK_MIGRATIONS,
  MIGRATIONS_EXIST,
  NOTE_APPLIED,
  READ_APPLIED,
} from '../../../sql/postgres/ledger/migrate.ts';
import { MIGRATIONS, type Migration } from '../../../sql/postgres/ledger/migrations.ts';
import { limitLockWaits } from '../../../sql/postgres/lock-wait.ts';
import { createInSchema, inOwnSchema } from '../../../sql/postgres/own-schema.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';

/** In a transaction. `schema`: where our own tables are; without it `search_path` says so. */
export async function migrate(sql: SqlSession, schema: string | undefined): Promise<readonly string[]> {
  await sql.query({ text: LOCK_MIGRATIONS });
  await sql.query(limitLockWaits());
  const pending = await pendingMigrations(sql, schema);
  if (pending.length === 0) return [];
  if (schema !== undefined) await sql.query({ text: createInSchema(schema) });
  await sql.query({ text: CREATE_MIGRATIONS });
  for (const migration of pending) {
    for (const text of migration.statements) await runMigration(sql, text);
    await sql.query({ text: NOTE_APPLIED, values: [migration.number, migration.name] });
  }
  return pending.map((migration) => `ledger: migration ${migration.number}, ${migration.name}`);
}

export async function pendingMigrations(
  sql: SqlSession,
  schema: string | undefined,
): Promise<readonly Migration[]> {
  const { rows } = await sql.query({ text: MIGRATIONS_EXIST, values: [schema ?? null] });
  if (rows[0]?.['exist'] !== true) return MIGRATIONS;
  const own = inOwnSchema(sql, schema);
  const applied = new Set((await own.query({ text: READ_APPLIED })).rows.map((row) => Number(row['number'])));
  return MIGRATIONS.filter((migration) => !applied.has(migration.number));
}

/** Runs a migration of our own tables; where a name is taken by something else it says how to have another schema. */
async function runMigration(session: SqlSession, text: string): Promise<void> {
  try {
    await session.query({ text });
  } catch (error) {
    // duplicate_table: also of an index or a sequence.
    if (!(error instanceof Failure) || error.sql?.sqlstate !== '42P07') throw error;
    throw new Failure(
      'STORE_MISCONFIGURED',
      `something in the database has a name of nomnom's own tables (${error.message.replace(/^[^:]*: /, '')}): ` +
        'give nomnom a schema of its own with --ledger-schema=nomnom or NOMNOM_LEDGER_SCHEMA, for every command and role',
      { cause: error, sql: error.sql },
    );
  }
}
