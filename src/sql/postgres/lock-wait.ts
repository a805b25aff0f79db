import type { Query } from './session.ts';

/**
 * Milliseconds for which a change of a table waits for its locks. All that comes to the table later waits behind it meanwhile, so this is
 * short; yet longer than `deadlock_timeout`, 1 s by default, after which Postgres ends an autovacuum that is in the way.
 */
export const LOCK_WAIT = 1_500;

/** For the rest of the transaction. A lock that is not given in time fails its statement with 55P03. */
export function limitLockWaits(milliseconds: number = LOCK_WAIT): Query {
  // 0 would be no limit.
  const limit = Math.max(1, Math.round(milliseconds));
  return { text: `SELECT set_config('lock_timeout', $1, true)`, values: [String(limit)] };
}

/**
 * $1: tables as they stand in a statement. Those of them that this user may lock: whoever may refer to a table may add a foreign key, but may
 * not lock it by a statement.
 */
export const LOCKABLE = `
SELECT name FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, place)
WHERE has_table_privilege(to_regclass(name)::oid, 'UPDATE, DELETE, TRUNCATE') ORDER BY place`;
