import type { Client } from 'pg';
import { connected } from './connected.ts';
import type { FaultOptions } from './options.ts';
import { POISON } from './content.ts';

/** Constraints that the plan does not know: what they refuse passes ingest and fails only in Postgres. */
export function addPoisonConstraints(databaseUrl: string): Promise<void> {
  return connected(databaseUrl, async (client) => {
    await client.query(`ALTER TABLE orders ADD CONSTRAINT orders_healthy CHECK (note <> '${POISON}')`);
    await client.query(
      `ALTER TABLE order_lines ADD CONSTRAINT order_lines_healthy CHECK (sku <> '${POISON}')`,
    );
  });
}

/** Watches every row that an ordered message writes, and keeps what came out of order. */
const WATCH_ORDER = [
  'CREATE TABLE order_violations (found text NOT NULL)',
  `CREATE FUNCTION note_violation() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN INSERT INTO order_violations VALUES (TG_TABLE_NAME || ' ' || NEW::text); RETURN NULL; END $$`,
  // Numbered without a gap and counted one by one: in order, the count is the number in every row that is ever there.
  `CREATE TRIGGER in_order AFTER INSERT OR UPDATE ON movements FOR EACH ROW
   WHEN (NEW.moves <> NEW.number) EXECUTE FUNCTION note_violation()`,
  `CREATE TRIGGER in_order AFTER UPDATE ON positions FOR EACH ROW
   WHEN (NEW.number <= OLD.number) EXECUTE FUNCTION note_violation()`,
];

export function watchOrder(databaseUrl: string): Promise<void> {
  return connected(databaseUrl, async (client) => {
    for (const text of WATCH_ORDER) await client.query(text);
  });
}

/** Ends that share of the connections of the pipeline's processes; gives how many. */
export function terminateBackends(databaseUrl: string, share: number): Promise<number> {
  return connected(databaseUrl, async (client) => {
    const { rows } = await client.query<{ readonly pid: number }>(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'nomnom%' ORDER BY md5(pid::text)`,
    );
    const chosen = rows.slice(0, Math.ceil(rows.length * share)).map(({ pid }) => pid);
    await client.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [chosen]);
    return chosen.length;
  });
}

export async function dropIndex(databaseUrl: string): Promise<void> {
  await connected(databaseUrl, (client) =>
    client.query('ALTER TABLE order_states DROP CONSTRAINT order_states_pkey'),
  );
}

/** Unless a deploy has brought it back meanwhile. */
export async function restoreIndex(databaseUrl: string): Promise<void> {
  await connected(databaseUrl, (client) =>
    client.query(`DO $$ BEGIN
      ALTER TABLE order_states ADD CONSTRAINT order_states_pkey PRIMARY KEY (order_key);
    EXCEPTION WHEN invalid_table_definition THEN NULL; END $$`),
  );
}

/** Messages with a final status: all, and those that wait for nothing but the worker. */
export interface Settled {
  readonly all: number;
  readonly withoutEntries: number;
}

export function readSettled(databaseUrl: string): Promise<Settled> {
  return connected(databaseUrl, async (client) => {
    const { rows } = await client.query<{ readonly all: number; readonly without_entries: number }>(
      `SELECT count(*)::int AS all, count(*) FILTER (WHERE entity_type <> 'Entry')::int AS without_entries
       FROM message_status WHERE status IN ('completed', 'superseded', 'dlq')`,
    );
    return { all: rows[0]?.all ?? 0, withoutEntries: rows[0]?.without_entries ?? 0 };
  });
}

/** Messages that disappeared from the queue, as their statuses say. */
export function readLost(databaseUrl: string): Promise<readonly string[]> {
  return readIds(databaseUrl, "WHERE status = 'lost'");
}

export function readStatusIds(databaseUrl: string): Promise<readonly string[]> {
  return readIds(databaseUrl, '');
}

function readIds(databaseUrl: string, where: string): Promise<readonly string[]> {
  return connected(databaseUrl, async (client) => {
    const { rows } = await client.query<{ readonly message_id: string }>(
      `SELECT message_id FROM message_status ${where}`,
    );
    return rows.map(({ message_id: id }) => id);
  });
}

export interface StatusRow {
  readonly message_id: string;
  readonly entity_type: string;
  readonly status: string;
  readonly retry_count: number;
  /** Milliseconds since the epoch. */
  readonly updated: number;
}

export interface DeadRow {
  readonly message_id: string;
  readonly body: Buffer;
  readonly attempts: number;
  readonly error_code: string;
  readonly constraint: string | null;
  readonly failed: number;
}

export const TABLES = [
  'orders',
  'order_lines',
  'order_states',
  'order_tallies',
  'products',
  'accounts',
  'entries',
  'tallies',
  'claims',
  'stocks',
  'movements',
  'positions',
  'memos',
  'extras',
] as const;
export type TableName = (typeof TABLES)[number];

/** The rows of a table: its key as text, and the rest of the row. */
export type TableRows = ReadonlyMap<string, string>;

export interface LiveState {
  readonly statuses: readonly StatusRow[];
  readonly dead: readonly DeadRow[];
  /** Rows as they were when they were written out of order. */
  readonly violations: readonly string[];
  readonly tables: Readonly<Record<TableName, TableRows>>;
}

const READ: Readonly<Record<TableName, string>> = {
  orders: `SELECT order_key::text AS key, concat_ws('|', version, note, total) AS value FROM orders`,
  order_lines: `SELECT concat_ws('|', order_key, number) AS key, concat_ws('|', version, sku, taxed) AS value FROM order_lines`,
  order_states: `SELECT order_key::text AS key, state AS value FROM order_states`,
  order_tallies: `SELECT order_key::text AS key, written::text AS value FROM order_tallies`,
  products: `SELECT sku AS key, first_order::text AS value FROM products`,
  accounts: `SELECT account_key::text AS key, name AS value FROM accounts`,
  entries: `SELECT entry_key::text AS key, concat_ws('|', account_key, amount) AS value FROM entries`,
  tallies: `SELECT day::text AS key, concat_ws('|', sales, amount) AS value FROM tallies`,
  claims: `SELECT claim_key::text AS key, string_agg(variant::text, '|' ORDER BY variant) AS value FROM claims GROUP BY claim_key`,
  stocks: `SELECT stock_key::text AS key, concat_ws('|', version, amount, gone) AS value FROM stocks`,
  movements: `SELECT account::text AS key, concat_ws('|', moves, number) AS value FROM movements`,
  positions: `SELECT account::text AS key, number::text AS value FROM positions`,
  // The first program has no tags.
  memos: `SELECT memo_key::text AS key, concat(text, '|', to_jsonb(memos) ->> 'tag') AS value FROM memos`,
  extras: `SELECT extra_key::text AS key, amount::text AS value FROM extras`,
};

export function readState(databaseUrl: string): Promise<LiveState> {
  return connected(databaseUrl, async (client) => {
    const statuses = await client.query<StatusRow>(
      `SELECT message_id, entity_type, status, retry_count,
         (extract(epoch FROM updated_at) * 1000)::float8 AS updated FROM message_status`,
    );
    const dead = await client.query<DeadRow>(
      `SELECT message_id, body, attempts, error_code, error ->> 'constraint' AS constraint,
         (extract(epoch FROM failed_at) * 1000)::float8 AS failed FROM dead_letters ORDER BY id`,
    );
    const violations = await client.query<{ readonly found: string }>('SELECT found FROM order_violations');
    const tables: Partial<Record<TableName, TableRows>> = {};
    for (const table of TABLES) {
      if (!(await exists(client, table))) {
        tables[table] = new Map();
        continue;
      }
      const { rows } = await client.query<{ readonly key: string; readonly value: string }>(READ[table]);
      tables[table] = new Map(rows.map(({ key, value }) => [key, value]));
    }
    return {
      statuses: statuses.rows,
      dead: dead.rows,
      violations: violations.rows.map(({ found }) => found),
      tables: tables as Record<TableName, TableRows>,
    };
  });
}

/** The first program has fewer tables than the second. */
async function exists(client: Client, table: TableName): Promise<boolean> {
  const { rows } = await client.query<{ readonly there: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS there',
    [table],
  );
  return rows[0]?.there === true;
}

export interface QueueRows {
  readonly messages: number;
  /** Bytes of these messages, and what the queue counts for its limit. */
  readonly bytes: number;
  readonly counted: number;
}

/** What still waits in the Postgres queue. */
export function readQueue(databaseUrl: string): Promise<QueueRows> {
  return connected(databaseUrl, async (client) => {
    const { rows } = await client.query<QueueRows>(
      `SELECT count(*)::int AS messages, coalesce(sum(size), 0)::int AS bytes,
         (SELECT sum(bytes)::int FROM nomnom_queue_size) AS counted,
         array_agg(DISTINCT consumer) AS consumers, array_agg(DISTINCT entity) AS entities,
         max(deliveries) AS deliveries, max(visible_at - now())::text AS due FROM nomnom_queue`,
    );
    return rows[0] ?? { messages: 0, bytes: 0, counted: 0 };
  });
}

/** The limits of a run's pipeline, which its size asks for. */
export function pipelineText(template: string, name: string, options: FaultOptions): string {
  const { messages, seconds, outage, fullStream, properties } = options;
  // Room for what comes in three seconds, so that a stop of the workers fills the stream; where it is a long outage that
  // fills it, for more: what piled up at the senders meanwhile has to get through it.
  const room = outage > 0 ? 30 : 3;
  const bytes = Math.max(64, Math.round(((messages / (seconds + outage)) * room * 700) / 1024));
  return template
    .replaceAll('FAULTS', name.toUpperCase())
    .replaceAll('faults', name)
    .replace('max_bytes: 1MB', fullStream ? `max_bytes: ${bytes}KB` : '')
    .replace('dedupe: 2m', `dedupe: 5s${properties.includes('cluster') ? '\n  replicas: 3' : ''}`);
}
