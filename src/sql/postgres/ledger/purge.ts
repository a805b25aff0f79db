/** Of all processes one makes a step at a time; the others leave it at that. */
export const LOCK_PURGE = { text: `SELECT pg_try_advisory_xact_lock(7305804402566196) AS mine` };

/*
 * `message_status` has no index on time, which would cost every change of a status its heap-only update. So the purge
 * walks the pages of the table in order, a range in each step. `SKIP LOCKED`: it never waits for a worker. Unnamed, so
 * that each step is planned for its own range; the ids as an array, which Postgres takes for a few whatever it knows of
 * the table, so that each is looked up and no step reads the whole table.
 */
/** Of a table with partitions, the largest: a range of pages is that of each. */
export const COUNT_PAGES = {
  text: `
SELECT greatest(pg_relation_size($1::regclass), (
  SELECT max(pg_relation_size(relid)) FROM pg_partition_tree($1::regclass) WHERE isleaf
)) / current_setting('block_size')::int AS pages`,
};

/**
 * Only what is settled or lost: a message that is still open has its status as long as it takes. One whose dead letter is open
 * keeps it too, because a replay asks it.
 */
export const PURGE_STATUSES = {
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
export const PURGE_KEYS = {
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

export const PURGE_DEAD_LETTERS = {
  text: `
WITH expired AS (
  SELECT id FROM dead_letters
  WHERE pipeline = $1 AND failed_at < now() - $2::float8 * interval '1 ms'
    AND (replay_until IS NULL OR replay_until <= now())
  ORDER BY failed_at LIMIT $3 FOR UPDATE SKIP LOCKED
)
DELETE FROM dead_letters WHERE id = ANY (ARRAY(SELECT id FROM expired))`,
};
