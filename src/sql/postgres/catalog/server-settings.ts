/*
 * What the server, the database or the user has as a setting, where that breaks a promise and no session of ours may
 * change it. What a session may change, the adapter sets. `default_transaction_read_only` stands in neither: somebody
 * means it, and it is an outage that ends.
 */

export interface SettingValue {
  readonly name: string;
  readonly value: string;
}

/** With these a row may be gone, or not checked against its parent, without an error. */
export const REFUSED_SETTINGS: readonly (SettingValue & { readonly because: string })[] = [
  {
    name: 'zero_damaged_pages',
    value: 'on',
    because: 'rows of a damaged page would disappear without an error',
  },
  { name: 'ignore_checksum_failure', value: 'on', because: 'damaged rows would be read as valid' },
  { name: 'ignore_invalid_pages', value: 'on', because: 'a recovery may have lost rows' },
  {
    name: 'session_replication_role',
    value: 'replica',
    because: 'foreign keys and triggers would be ignored',
  },
];

/** With these what is committed outlives a crash of Postgres, and may be lost with the machine. `safe` is the value that keeps it. */
export const LOST_WITH_POWER: readonly (SettingValue & { readonly safe: string })[] = [
  { name: 'fsync', value: 'off', safe: 'on' },
  { name: 'full_page_writes', value: 'off', safe: 'on' },
  { name: 'data_sync_retry', value: 'on', safe: 'off' },
];

/** $1: names of settings. `homeless` where new tables have no schema to go to. */
export const READ_SETTINGS = `
SELECT name, current_setting(name, true) AS value, current_schema() IS NULL AS homeless
FROM unnest($1::text[]) AS wanted (name)`;

/**
 * $1: names of tables, beside those that begin with `nomnom_`. $2: their schema, null where `search_path` has it. Partitions
 * too: only they hold rows. Leases of the queue in Postgres may end with a crash.
 */
export const READ_UNLOGGED = `
SELECT part.relname::text AS name
FROM pg_catalog.pg_class AS part
JOIN pg_catalog.pg_class AS c ON c.oid = coalesce(pg_partition_root(part.oid), part.oid)
WHERE part.relkind = 'r' AND part.relpersistence <> 'p'
  AND CASE WHEN $2::text IS NULL THEN pg_table_is_visible(c.oid) ELSE c.relnamespace = to_regnamespace($2) END
  AND (c.relname = ANY ($1::text[]) OR c.relname LIKE 'nomnom\\_%') AND c.relname <> 'nomnom_queue_lease'
ORDER BY part.relname`;

export const OWN_TABLES: readonly string[] = ['message_status', 'dead_letters', 'idempotency_keys'];
