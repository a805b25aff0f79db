/** Asked outside of a transaction, it says what the next one would be. */
export const READ_ONLY = `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS read_only`;

export const MAX_CONNECTIONS = `
SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS available`;

/** Held until the transaction ends: of two `apply` at once, the second finds nothing to do. */
export const LOCK_TABLES = `SELECT pg_advisory_xact_lock(7305804402566195)`;

/** Marks the place to which a refused change goes back. */
export const MARK_CHANGES = `SAVEPOINT optional_changes`;

export const UNDO_CHANGES = `ROLLBACK TO SAVEPOINT optional_changes`;
