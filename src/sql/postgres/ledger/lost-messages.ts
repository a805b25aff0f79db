/** Of all processes one marks at a time: of two, the other would only wait for the same rows. */
export const LOCK_LOST = { text: `SELECT pg_try_advisory_xact_lock(73058044, hashtext($1)) AS mine` };

/*
 * Which rows were there at a moment is told by transaction numbers, not by clocks. A transaction gets its number at its
 * first write, and whoever writes an open status does so after the queue took the message. So of all rows that were
 * written before the horizon, the queue had the messages at that moment. A row that changes gets a new writer.
 */
export const READ_HORIZON = {
  text: `
SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS horizon, extract(epoch FROM clock_timestamp()) * 1000 AS at`,
};

const writtenBefore = (horizon: string): string =>
  `${horizon}::xid8 <= pg_snapshot_xmax(pg_current_snapshot()) AND age(s.xmin) > age(${horizon}::xid8::xid)`;

/** Unnamed, as the others here: each is planned for its own range. */
export const READ_OPEN_SINCE = {
  text: `
SELECT count(*) FILTER (WHERE old) AS lost, extract(epoch FROM min(received_at) FILTER (WHERE NOT old)) * 1000 AS oldest
FROM (
  SELECT s.received_at, ${writtenBefore('$2')} AS old FROM message_status AS s
  WHERE s.pipeline = $1 AND s.status IN ('accepted', 'retrying') AND s.received_at >= to_timestamp($3::float8 / 1000)
) AS open`,
};

/** Rows that one step marks at most. */
export const LOST_AT_ONCE = 1_000;

/** `SKIP LOCKED`: a row that a worker holds is being settled. */
const marking = (range: string): string => `
WITH gone AS (
  SELECT s.message_id, s.entity_type FROM message_status AS s
  WHERE s.pipeline = $1 AND s.status IN ('accepted', 'retrying') AND ${writtenBefore('$2')} AND ${range}
  LIMIT ${LOST_AT_ONCE} FOR UPDATE OF s SKIP LOCKED
), marked AS (
  UPDATE message_status AS s SET status = 'lost', updated_at = now(), error = told.error::jsonb
  FROM gone JOIN unnest($3::text[], $4::text[]) AS told (entity, error) ON told.entity = gone.entity_type
  WHERE s.message_id = gone.message_id
  RETURNING s.message_id
)
INSERT INTO nomnom_lost (message_id, pipeline, found_at) SELECT message_id, $1, now() FROM marked
ON CONFLICT (message_id) DO UPDATE SET found_at = excluded.found_at
RETURNING message_id`;

export const MARK_LOST_SINCE = { text: marking('s.received_at >= to_timestamp($5::float8 / 1000)') };

/** The same for a range of pages, whenever their messages were received. */
export const MARK_LOST_PAGES = { text: marking('s.ctid >= $5::tid AND s.ctid < $6::tid') };

/** Of a table with partitions, the largest: a range of pages is that of each. */
export const COUNT_STATUS_PAGES = {
  text: `
SELECT greatest(pg_relation_size('message_status'), (
  SELECT max(pg_relation_size(relid)) FROM pg_partition_tree('message_status') WHERE isleaf
)) / current_setting('block_size')::int AS pages`,
};

/** Lost messages that one count looks through. */
export const LOOKED_THROUGH_AT_ONCE = 5_000;

/** Forgets those, of a step, that were sent again, settled or purged; gives where the next step begins. */
export const FORGET_FOUND = {
  text: `
WITH step AS (
  SELECT message_id FROM nomnom_lost WHERE pipeline = $1 AND message_id > $2::uuid ORDER BY message_id LIMIT ${LOOKED_THROUGH_AT_ONCE}
), settled AS (
  DELETE FROM nomnom_lost AS l USING step
  WHERE l.message_id = step.message_id
    AND NOT EXISTS (SELECT FROM message_status AS s WHERE s.message_id = l.message_id AND s.status = 'lost')
)
SELECT count(*) AS n, max(message_id::text COLLATE "C") AS last FROM step`,
};

export const COUNT_LOST = { text: `SELECT count(*) AS n FROM nomnom_lost WHERE pipeline = $1` };

export const COUNT_LOST_BY_ENTITY = {
  text: `
SELECT s.entity_type, count(*) AS n,
  to_char(max(l.found_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS last_at
FROM nomnom_lost AS l JOIN message_status AS s USING (message_id)
WHERE l.pipeline = $1 AND s.status = 'lost'
GROUP BY s.entity_type ORDER BY n DESC, s.entity_type`,
};

export const READ_LOST = {
  name: 'nomnom_read_lost',
  text: `
SELECT message_id, generation FROM message_status WHERE message_id = ANY ($1::uuid[]) AND status = 'lost'`,
};

/** Where the status is still open, only its time changes: the search for lost messages then takes it for a new one. */
export const REOPEN_LOST = {
  name: 'nomnom_reopen_lost',
  text: `
UPDATE message_status AS known SET status = 'accepted', updated_at = now(), generation = arrived.generation,
  retry_count = CASE WHEN known.generation < arrived.generation THEN 0 ELSE known.retry_count END, error = NULL
FROM (
  SELECT s.message_id, again.generation FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[])
    AS again (message_id, pipeline, entity, generation, received_ms)
  JOIN message_status AS s USING (message_id)
  WHERE (s.status = 'lost' AND s.generation <= again.generation)
    OR (s.status = 'accepted' AND s.generation = again.generation)
  ORDER BY s.message_id FOR UPDATE OF s
) AS arrived
WHERE known.message_id = arrived.message_id`,
};
