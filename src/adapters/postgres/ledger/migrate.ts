import {
  CREATE_MIGRATIONS,
  LOCK_MIGRATIONS,
  MIGRATIONS_EXIST,
  NOTE_APPLIED,
  READ_APPLIED,
} from '../../../sql/postgres/ledger/migrate.ts';
import { MIGRATIONS, type Migration } from '../../../sql/postgres/ledger/migrations.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';

export async function migrate(sql: SqlSession): Promise<readonly string[]> {
  await sql.query({ text: LOCK_MIGRATIONS });
  const pending = await pendingMigrations(sql);
  if (pending.length === 0) return [];
  await sql.query({ text: CREATE_MIGRATIONS });
  for (const migration of pending) {
    for (const text of migration.statements) await sql.query({ text });
    await sql.query({ text: NOTE_APPLIED, values: [migration.number, migration.name] });
  }
  return pending.map((migration) => `ledger: migration ${migration.number}, ${migration.name}`);
}

export async function pendingMigrations(sql: SqlSession): Promise<readonly Migration[]> {
  const { rows } = await sql.query({ text: MIGRATIONS_EXIST });
  if (rows[0]?.['exist'] !== true) return MIGRATIONS;
  const applied = new Set((await sql.query({ text: READ_APPLIED })).rows.map((row) => Number(row['number'])));
  return MIGRATIONS.filter((migration) => !applied.has(migration.number));
}
