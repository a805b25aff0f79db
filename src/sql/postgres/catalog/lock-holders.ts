/**
 * $1: process ids of sessions. Whom they wait for, but for each other, and for which table; of a prepared transaction the pid is 0. Who waits
 * for a row that somebody else has written holds the lock of its place meanwhile, and waits for the end of the other's transaction.
 */
export const READ_LOCK_HOLDERS = `
SELECT DISTINCT ON (holder.pid) holder.pid, a.application_name AS application, a.usename::text AS who, a.state,
  (extract(epoch FROM a.xact_start) * 1000)::float8 AS since,
  CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END AS table
FROM unnest($1::int4[]) AS mine (pid)
CROSS JOIN LATERAL unnest(pg_blocking_pids(mine.pid)) AS holder (pid)
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = holder.pid
LEFT JOIN LATERAL (
  SELECT l.relation FROM pg_catalog.pg_locks AS l
  WHERE l.pid = mine.pid AND l.relation IS NOT NULL AND (NOT l.granted OR l.locktype = 'tuple')
  ORDER BY l.granted LIMIT 1
) AS wanted ON true
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = wanted.relation
LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE holder.pid <> ALL ($1::int4[])
ORDER BY holder.pid, c.relname`;
