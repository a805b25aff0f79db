/** Held until the transaction ends, so that of two processes one migrates and the other finds it done. */
export const LOCK_MIGRATIONS = `SELECT pg_advisory_xact_lock(7305804402566194)`;

export const CREATE_MIGRATIONS = `
CREATE TABLE IF NOT EXISTS nomnom_migrations (
  part text NOT NULL,
  number integer NOT NULL,
  name text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (part, number)
)`;

/**
 * $1: the schema of our own tables, null where `search_path` has it. Not by `to_regclass`: a session that asked it before, and then waited for the lock, would be told what it remembers.
 * Reading `pg_class` makes it look again.
 */
export const MIGRATIONS_EXIST = `
SELECT EXISTS (
  SELECT FROM pg_catalog.pg_class AS c WHERE c.relname = 'nomnom_migrations'
    AND CASE WHEN $1::text IS NULL THEN pg_table_is_visible(c.oid) ELSE c.relnamespace = to_regnamespace($1) END
) AS exist`;

export const READ_APPLIED = `SELECT number FROM nomnom_migrations WHERE part = 'ledger'`;

export const NOTE_APPLIED = `INSERT INTO nomnom_migrations (part, number, name) VALUES ('ledger', $1, $2)`;
