import type { Session, Store } from '../../ports/store.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';

/** Held until the transaction ends, so that of two processes one migrates and the other finds it done. */
const LOCK_MIGRATIONS = `SELECT pg_advisory_xact_lock(7305804402566194)`;

const CREATE_MIGRATIONS = `
CREATE TABLE IF NOT EXISTS nomnom_migrations (
  part text NOT NULL,
  number integer NOT NULL,
  name text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (part, number)
)`;

/**
 * Not by `to_regclass`: a session that asked it before, and then waited for the lock, would be told what it remembers.
 * Reading `pg_class` makes it look again.
 */
const MIGRATIONS_EXIST = `
SELECT EXISTS (
  SELECT FROM pg_catalog.pg_class AS c WHERE c.relname = 'nomnom_migrations' AND pg_table_is_visible(c.oid)
) AS exist`;

const READ_APPLIED = `SELECT number FROM nomnom_migrations WHERE part = 'ledger'`;

const NOTE_APPLIED = `INSERT INTO nomnom_migrations (part, number, name) VALUES ('ledger', $1, $2)`;

/** Brings the ledger's tables up to date in one transaction; gives what it did, a line each. Safe to repeat. */
export async function migrate(store: Store): Promise<readonly string[]> {
  return store.transaction(async (session) => {
    await session.query({ text: LOCK_MIGRATIONS });
    const pending = await pendingMigrations(session);
    if (pending.length === 0) return [];
    await session.query({ text: CREATE_MIGRATIONS });
    for (const migration of pending) {
      for (const text of migration.statements) await session.query({ text });
      await session.query({ text: NOTE_APPLIED, values: [migration.number, migration.name] });
    }
    return pending.map((migration) => `ledger: migration ${migration.number}, ${migration.name}`);
  });
}

/** The migrations that this database still lacks; changes nothing. */
export async function pendingMigrations(session: Session): Promise<readonly Migration[]> {
  const { rows } = await session.query({ text: MIGRATIONS_EXIST });
  if (rows[0]?.['exist'] !== true) return MIGRATIONS;
  const applied = new Set(
    (await session.query({ text: READ_APPLIED })).rows.map((row) => Number(row['number'])),
  );
  return MIGRATIONS.filter((migration) => !applied.has(migration.number));
}
