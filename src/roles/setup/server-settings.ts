import type { Session } from '../../ports/store.ts';
import type { Contradiction } from './contradictions.ts';

/*
 * What the server, the database or the user has as a setting, where that breaks a promise and no session of ours may
 * change it. What a session may change, the adapter sets. `default_transaction_read_only` stands in neither: somebody
 * means it, and it is an outage that ends.
 */

/** With these a row may be gone, or not checked against its parent, without an error. */
const REFUSED: readonly { readonly name: string; readonly value: string; readonly because: string }[] = [
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

/** With these what is committed outlives a crash of Postgres, and may be lost with the machine. */
const AT_POWER_LOSS: readonly { readonly name: string; readonly value: string }[] = [
  { name: 'fsync', value: 'off' },
  { name: 'full_page_writes', value: 'off' },
  { name: 'data_sync_retry', value: 'on' },
];

const READ_SETTINGS = `
SELECT name, current_setting(name, true) AS value, current_schema() IS NULL AS homeless
FROM unnest($1::text[]) AS wanted (name)`;

/** Partitions too: only they hold rows. */
const UNLOGGED_TABLES = `
SELECT part.relname::text AS name
FROM pg_catalog.pg_class AS part
JOIN pg_catalog.pg_class AS c ON c.oid = coalesce(pg_partition_root(part.oid), part.oid)
WHERE part.relkind = 'r' AND part.relpersistence <> 'p' AND pg_table_is_visible(c.oid)
  AND (c.relname = ANY ($1::text[]) OR c.relname LIKE 'nomnom\\_%')
ORDER BY part.relname`;

const OWN_TABLES = ['message_status', 'dead_letters', 'idempotency_keys'];

/** Holds the settings of the server, and how nomnom's own tables are stored, against the promises. Changes nothing. */
export async function serverSettings(session: Session): Promise<readonly Contradiction[]> {
  const names = [...REFUSED, ...AT_POWER_LOSS].map(({ name }) => name);
  const settings = (await session.query({ text: READ_SETTINGS, values: [names] })).rows;
  const unlogged = (await session.query({ text: UNLOGGED_TABLES, values: [OWN_TABLES] })).rows;
  const has = ({ name, value }: { readonly name: string; readonly value: string }): boolean =>
    settings.some((row) => row['name'] === name && row['value'] === value);
  const found: Contradiction[] = REFUSED.filter(has).map(({ name, value, because }) => ({
    severity: 'refusal',
    message: `${name} is ${value}, and ${because}; reset it`,
  }));
  if (settings[0]?.['homeless'] === true)
    found.push({
      severity: 'refusal',
      message: 'search_path has no existing schema, expected the schema with the tables; set search_path',
    });
  for (const { name } of unlogged)
    found.push({
      severity: 'refusal',
      message: `table ${String(name)} is unlogged, and a crash of Postgres empties it; run ALTER TABLE … SET LOGGED`,
    });
  const weak = AT_POWER_LOSS.filter(has).map(({ name, value }) => `${name} is ${value}`);
  if (weak.length > 0)
    found.push({
      severity: 'warning',
      message: `a power loss may lose what this Postgres has committed, or damage its files: ${weak.join(', ')}`,
    });
  return found;
}
