/**
 * $1: names of tables. Who holds a lock on one of them that keeps everybody from writing into it; of a prepared transaction the pid is 0.
 * Everybody may ask: only whom a session belongs to is hidden from some.
 */
export const READ_TABLE_LOCKS = `
SELECT DISTINCT ON (l.pid, c.oid) coalesce(l.pid, 0) AS pid, a.application_name AS application, a.usename::text AS who, a.state,
  (extract(epoch FROM a.xact_start) * 1000)::float8 AS since, wanted.name,
  CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END AS table
FROM unnest($1::text[]) AS wanted (name)
JOIN pg_catalog.pg_class AS c ON c.oid = to_regclass(wanted.name)
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_locks AS l ON l.relation = c.oid AND l.locktype = 'relation' AND l.granted
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
WHERE l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
  AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
  AND l.pid IS DISTINCT FROM pg_backend_pid()
ORDER BY l.pid, c.oid`;
