import { limitLockWaits } from '../../sql/postgres/lock-wait.ts';
import { createInSchema } from '../../sql/postgres/own-schema.ts';
import type { SqlSession, SqlStore } from '../../sql/postgres/session.ts';
import { type Migration, MIGRATIONS } from './migrations.ts';

const HAS_MIGRATION_TABLE = `SELECT to_regclass('nomnom_queue_migration') IS NOT NULL AS there`;

const LAST_MIGRATION = `SELECT coalesce(max(number), 0) AS number FROM nomnom_queue_migration`;

/** Two processes that start at once must not both create the tables. The number is ours and means nothing. */
const LOCK_MIGRATIONS = `SELECT pg_advisory_xact_lock(6071523988)`;

const CREATE_MIGRATION_TABLE = `
CREATE TABLE IF NOT EXISTS nomnom_queue_migration (
  number integer PRIMARY KEY,
  name text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

const RECORD_MIGRATION = `INSERT INTO nomnom_queue_migration (number, name) VALUES ($1, $2)`;

/** The number of the newest migration that this program knows. */
export const SCHEMA_VERSION = MIGRATIONS.reduce((newest, { number }) => Math.max(newest, number), 0);

/** The number of the last migration that the database has; 0 before the first. */
export async function schemaVersion(session: SqlSession): Promise<number> {
  const { rows: there } = await session.query({ text: HAS_MIGRATION_TABLE });
  if (there[0]?.['there'] !== true) return 0;
  const { rows } = await session.query({ text: LAST_MIGRATION });
  return Number(rows[0]?.['number'] ?? 0);
}

/**
 * The functions of the queue name its tables, which a caller's `search_path` need not find. They keep the schema that
 * their tables are in.
 */
const BIND_FUNCTIONS = `
DO $do$
DECLARE
  of_queue regprocedure;
BEGIN
  FOR of_queue IN SELECT oid FROM pg_catalog.pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'nomnom\\_queue\\_%'
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', of_queue, current_schema());
  END LOOP;
END
$do$`;

/** Brings the queue's tables up to date, in `schema` or where `search_path` says; gives the migrations that it ran. */
export function migrate(store: SqlStore, schema: string | undefined): Promise<readonly Migration[]> {
  return store.transactionGivingWay(async (session) => {
    await session.query({ text: LOCK_MIGRATIONS });
    await session.query(limitLockWaits());
    if (schema !== undefined) await session.query({ text: createInSchema(schema) });
    await session.query({ text: CREATE_MIGRATION_TABLE });
    const version = await schemaVersion(session);
    const missing = MIGRATIONS.filter(({ number }) => number > version);
    for (const { number, name, sql } of missing) {
      await session.query({ text: sql });
      await session.query({ text: RECORD_MIGRATION, values: [number, name] });
    }
    if (schema !== undefined && missing.length > 0) await session.query({ text: BIND_FUNCTIONS });
    return missing;
  });
}
