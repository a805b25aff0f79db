import { jetstreamManager } from '@nats-io/jetstream';
import { connected } from './connected.ts';
import { withNats } from './nats-servers.ts';

/** Only of the queue in Postgres: the rows one by one, or the table at once. */
export type Way = 'DELETE' | 'TRUNCATE';

/** Takes every message out of the queue, whoever waits for it. Gives how many there were. */
export async function purge(
  databaseUrl: string,
  natsUrl: string | undefined,
  stream: string,
  way: Way,
): Promise<number> {
  if (natsUrl === undefined) return purgeTables(databaseUrl, way);
  return withNats(natsUrl, async (connection) => {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    return (await manager.streams.purge(stream)).purged;
  });
}

/** The tables of the queue that hold bodies, whatever the layout of the day calls them. Partitions go with their parent. */
const MESSAGE_TABLES = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE (c.relname = 'nomnom_queue' OR c.relname LIKE 'nomnom\\_queue\\_%')
    AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND EXISTS (SELECT FROM pg_attribute AS a
      WHERE a.attrelid = c.oid AND a.attname = 'body' AND NOT a.attisdropped)
  ORDER BY c.relname`;

async function purgeTables(databaseUrl: string, way: Way): Promise<number> {
  return connected(databaseUrl, async (client) => {
    const { rows: tables } = await client.query<{ readonly name: string }>(MESSAGE_TABLES);
    if (tables.length === 0) throw new Error('no table of the queue holds messages');
    const names = tables.map(({ name }) => name);
    await client.query('BEGIN');
    // Nobody adds a row between the count and the end.
    await client.query(`LOCK TABLE ${names.join(', ')} IN ACCESS EXCLUSIVE MODE`);
    let found = 0;
    for (const name of names) {
      const { rows } = await client.query<{ readonly n: number }>(`SELECT count(*)::int AS n FROM ${name}`);
      found += rows[0]?.n ?? 0;
      await client.query(way === 'TRUNCATE' ? `TRUNCATE ${name}` : `DELETE FROM ${name}`);
    }
    const { rows: sizes } = await client.query<{ readonly there: boolean }>(
      "SELECT to_regclass('nomnom_queue_size') IS NOT NULL AS there",
    );
    // Whoever empties a queue by hand has to say so to what counts it.
    if (sizes[0]?.there === true) await client.query('UPDATE nomnom_queue_size SET bytes = 0');
    await client.query('COMMIT');
    return found;
  });
}
