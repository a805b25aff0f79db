/** $1: process ids of sessions. Whom they wait for, but for each other; of a prepared transaction the pid is 0. */
export const READ_LOCK_HOLDERS = `
SELECT DISTINCT holder.pid, a.application_name AS application, a.usename::text AS who, a.state,
  (extract(epoch FROM a.xact_start) * 1000)::float8 AS since
FROM unnest($1::int4[]) AS mine (pid)
CROSS JOIN LATERAL unnest(pg_blocking_pids(mine.pid)) AS holder (pid)
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = holder.pid
WHERE holder.pid <> ALL ($1::int4[])
ORDER BY holder.pid`;
