/** A pooler in between answers for its own way to the server. */
export const READ_FACTS = `
SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS version_number, current_user::text AS who,
  (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS superuser,
  coalesce((SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted,
  inet_server_addr() IS NULL OR inet_server_addr() = inet_client_addr() AS local,
  extract(epoch FROM clock_timestamp()) * 1000 AS now_ms,
  pg_database_size(current_database()) AS database_bytes`;

/** $1: a table. */
export const READ_TABLE_SIZE = `SELECT pg_total_relation_size(to_regclass($1)) AS bytes`;
