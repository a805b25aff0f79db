import type { Query, Session } from '../../ports/store.ts';

/** Rows that one step deletes at most. */
export const PURGED_AT_ONCE = 1000;

/** Pages of a table that one step looks through: 2 MB. */
const PAGES = 256;

/*
 * `message_status` has no index on time, which would cost every change of a status its heap-only update. So the purge
 * walks the pages of the table in order, a range in each step. `SKIP LOCKED`: it never waits for a worker. Unnamed, so
 * that each step is planned for its own range; the ids as an array, which Postgres takes for a few whatever it knows of
 * the table, so that each is looked up and no step reads the whole table.
 */
const PAGES_OF = {
  text: `SELECT pg_relation_size($1::regclass) / current_setting('block_size')::int AS pages`,
};

/**
 * Only what is settled or lost: a message that is still open has its status as long as it takes. One whose dead letter is open
 * keeps it too, because a replay asks it.
 */
const PURGE_STATUSES = {
  text: `
WITH expired AS (
  SELECT message_id FROM message_status AS s
  WHERE s.ctid >= $3::tid AND s.ctid < $4::tid AND s.pipeline = $1
    AND s.status IN ('completed', 'superseded', 'dlq', 'lost') AND s.updated_at < now() - $2::float8 * interval '1 ms'
    AND NOT EXISTS (SELECT FROM dead_letters AS d WHERE d.message_id = s.message_id AND d.replayed_at IS NULL)
  LIMIT $5 FOR UPDATE OF s SKIP LOCKED
)
DELETE FROM message_status WHERE message_id = ANY (ARRAY(SELECT message_id FROM expired))`,
};

/** A key goes after the status of its message, which knows that the message was applied. */
const PURGE_KEYS = {
  text: `
WITH expired AS (
  SELECT id FROM idempotency_keys AS k
  WHERE k.ctid >= $3::tid AND k.ctid < $4::tid AND k.pipeline = $1
    AND k.bound_at < now() - $2::float8 * interval '1 ms'
    AND NOT EXISTS (SELECT FROM message_status AS s WHERE s.message_id = k.id)
  LIMIT $5 FOR UPDATE OF k SKIP LOCKED
)
DELETE FROM idempotency_keys WHERE id = ANY (ARRAY(SELECT id FROM expired))`,
};

const PURGE_DEAD_LETTERS = {
  text: `
WITH expired AS (
  SELECT id FROM dead_letters
  WHERE pipeline = $1 AND failed_at < now() - $2::float8 * interval '1 ms'
    AND (replay_until IS NULL OR replay_until <= now())
  ORDER BY failed_at LIMIT $3 FOR UPDATE SKIP LOCKED
)
DELETE FROM dead_letters WHERE id = ANY (ARRAY(SELECT id FROM expired))`,
};

const PAGED = {
  message_status: PURGE_STATUSES,
  idempotency_keys: PURGE_KEYS,
} as const;

export interface PurgeStep {
  readonly deleted: number;
  /** The page at which the next step begins, or undefined where the table ends. */
  readonly next: number | undefined;
}

/** One step through a table from `page` on: deletes what is older than `keep` ms. */
export async function purgePages(
  session: Session,
  table: keyof typeof PAGED,
  pipeline: string,
  keep: number,
  page: number,
): Promise<PurgeStep> {
  return step(session, table, page, (from, to) => ({
    ...PAGED[table],
    values: [pipeline, keep, from, to, PURGED_AT_ONCE],
  }));
}

async function step(
  session: Session,
  table: string,
  page: number,
  purge: (from: string, to: string) => Query,
): Promise<PurgeStep> {
  const { rows } = await session.query({ ...PAGES_OF, values: [table] });
  const pages = Number(rows[0]?.['pages']);
  if (page >= pages) return { deleted: 0, next: undefined };
  const { rowCount } = await session.query(purge(`(${page},0)`, `(${page + PAGES},0)`));
  // A full step may have left some behind.
  return { deleted: rowCount, next: rowCount === PURGED_AT_ONCE ? page : page + PAGES };
}

/** Deletes dead letters that failed more than `keep` ms ago, the oldest first; gives how many. */
export async function purgeDeadLetters(session: Session, pipeline: string, keep: number): Promise<number> {
  const { rowCount } = await session.query({
    ...PURGE_DEAD_LETTERS,
    values: [pipeline, keep, PURGED_AT_ONCE],
  });
  return rowCount;
}
