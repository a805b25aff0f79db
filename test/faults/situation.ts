import { connected } from './connected.ts';

/** What the database does at this moment, for whoever looks for the cause of a delay. */
export function situation(databaseUrl: string): Promise<string> {
  return connected(databaseUrl, async (client) => {
    const { rows: open } = await client.query(
      `SELECT entity_type, status, count(*)::int, max(retry_count) AS attempts FROM message_status
       WHERE status NOT IN ('completed', 'superseded', 'dlq') GROUP BY 1, 2`,
    );
    const { rows: sessions } = await client.query(
      `SELECT application_name, state, wait_event_type, wait_event, (now() - state_change)::text AS since, left(query, 60) AS query
       FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
    );
    return JSON.stringify({ open, sessions });
  });
}
