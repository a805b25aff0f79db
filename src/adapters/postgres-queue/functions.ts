import { ROTATIONS } from './rotations.ts';
import { ID_TABLES, SEGMENTS } from './segments.ts';

/** What a message takes besides its body and headers, about. */
const ROW_OVERHEAD = 200;

/*
 * The statements of the queue are functions for the settings that come with one: each has the plan that it was written
 * for, whatever Postgres knows of the tables. They are as good as empty or hold a million rows from one minute to the
 * next, no statistics follow that, and a plan for empty tables would stay with its connection.
 * Without `jit = off`, the price that a forbidden step is given would have it compiled.
 */
const PLANNED_ONCE = `SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off`;

/*
 * Publishes any number of messages. A message that was published within the dedupe window is a duplicate; of the
 * others, in order, as many are stored as the stream has room for, one row for each consumer whose filter matches.
 * Bodies come as one byte string with offsets: as a parameter that is binary, not twice as long in hexadecimal.
 * Ids are written in their order, so that two publishers of the same ids wait for each other and do not deadlock.
 * Room is what was committed before: publishers that run at the same time may pass the limit by what they bring.
 * `IN` in a select list is looked up in a hash; as a join it would be planned for one row and take n² steps.
 */
const PUBLISH = `
CREATE FUNCTION nomnom_queue_publish(
  _streams text[],
  _subjects text[],
  _entities text[],
  _message_ids uuid[],
  _dedupe_ids text[],
  _generations int[],
  _received int8[],
  _headers text[],
  _starts int[],
  _lengths int[],
  _bodies bytea,
  _size_slot int,
  _programs text[]
) RETURNS SETOF text LANGUAGE plpgsql ${PLANNED_ONCE} AS $fn$
#variable_conflict use_column
BEGIN
RETURN QUERY
WITH incoming AS (
  SELECT n::int AS n, stream, subject, entity, message_id, dedupe_id, generation, received_at, headers, program,
    body_from, body_length, body_length + octet_length(headers) + ${ROW_OVERHEAD} AS size
  FROM unnest(
    _streams, _subjects, _entities, _message_ids, _dedupe_ids, _generations, _received, _headers, _starts, _lengths,
    _programs
  ) WITH ORDINALITY AS message (
    stream, subject, entity, message_id, dedupe_id, generation, received_at, headers, body_from, body_length,
    program, n
  )
), streams AS MATERIALIZED (
  SELECT s.*, (SELECT sum(z.bytes) FROM nomnom_queue_size z WHERE z.stream = s.name) AS held
  FROM nomnom_queue_stream s WHERE s.name = ANY (_streams)
), known AS (
  SELECT incoming.*, s.name IS NOT NULL AS has_stream, incoming.subject ~ s.subject_regex AS captured,
    s.dedupe_ms, CASE WHEN s.max_bytes > 0 THEN s.max_bytes - s.held END AS room,
    (
      SELECT count(*) > 0 FROM nomnom_queue_dedupe d
      WHERE d.stream = incoming.stream AND d.dedupe_id = incoming.dedupe_id AND d.expires_at > now()
    ) OR row_number() OVER (PARTITION BY incoming.stream, incoming.dedupe_id ORDER BY n) > 1 AS seen
  FROM incoming LEFT JOIN streams s ON s.name = incoming.stream
), judged AS (
  SELECT known.*, captured AND NOT seen AND (room IS NULL OR room >= sum(size)
    FILTER (WHERE captured AND NOT seen) OVER (PARTITION BY stream ORDER BY n)) AS fits
  FROM known
), fresh AS (
  INSERT INTO nomnom_queue_dedupe AS d (slot, stream, dedupe_id, expires_at)
  SELECT last_value % ${ID_TABLES}, stream, dedupe_id, now() + dedupe_ms * interval '1 ms'
  FROM judged CROSS JOIN nomnom_queue_dedupe_turn WHERE fits ORDER BY stream, dedupe_id
  ON CONFLICT (stream, dedupe_id, slot) DO UPDATE SET expires_at = excluded.expires_at WHERE d.expires_at <= now()
  RETURNING stream, dedupe_id
), winners AS MATERIALIZED (
  SELECT judged.*, fits AND (stream, dedupe_id) IN (SELECT stream, dedupe_id FROM fresh) AS wins FROM judged
), stored AS (
  INSERT INTO nomnom_queue (
    segment, consumer, visible_at, generation, size, received_at, message_id, stream, subject, entity, headers,
    program, body
  )
  SELECT turn.last_value % ${SEGMENTS}, c.id, now(), w.generation, w.size, w.received_at, w.message_id, w.stream, w.subject, w.entity, w.headers,
    w.program, substring(_bodies FROM w.body_from FOR w.body_length)
  FROM nomnom_queue_turn AS turn CROSS JOIN winners w LEFT JOIN nomnom_queue_consumer c ON c.stream = w.stream AND w.subject ~ c.filter_regex
  WHERE w.wins ORDER BY w.n
  RETURNING stream, size
), grown AS (
  UPDATE nomnom_queue_size z SET bytes = z.bytes + added.bytes
  FROM (SELECT stream, sum(size) AS bytes FROM stored GROUP BY stream ORDER BY stream) AS added
  WHERE z.stream = added.stream AND z.slot = _size_slot
)
SELECT CASE
    WHEN NOT has_stream THEN 'no_stream'
    WHEN NOT captured THEN 'not_captured'
    WHEN seen THEN 'duplicate'
    WHEN NOT fits THEN 'full'
    WHEN NOT wins THEN 'duplicate'
    ELSE 'stored'
  END AS outcome
FROM winners ORDER BY n;
END
$fn$;
`;

/*
 * This and the next two are what they were before a lease had a row of its own: see `leases.ts`.
 *
 * Leases the next messages of a consumer: nobody else gets them until `visible_at`. Oldest first.
 */
const LEASE = `
CREATE FUNCTION nomnom_queue_lease(_consumer int, _max int, _milliseconds int8) RETURNS TABLE (
  id int8, message_id uuid, entity text, generation int, body bytea, headers text, received_at int8, program text,
  deliveries int
) LANGUAGE plpgsql ${PLANNED_ONCE} SET enable_sort = off AS $fn$
#variable_conflict use_column
BEGIN
RETURN QUERY
WITH next AS MATERIALIZED (
  SELECT q.id, q.segment FROM nomnom_queue q WHERE q.consumer = _consumer AND q.visible_at <= now()
  ORDER BY q.visible_at, q.id LIMIT _max FOR UPDATE SKIP LOCKED
), leased AS (
  UPDATE nomnom_queue q
  SET visible_at = now() + _milliseconds * interval '1 ms', deliveries = q.deliveries + 1
  WHERE q.id = ANY (ARRAY(SELECT next.id FROM next))
    AND q.segment BETWEEN (SELECT min(segment) FROM next) AND (SELECT max(segment) FROM next)
  RETURNING q.id, q.message_id, q.entity, q.generation, q.body, q.headers, q.received_at, q.program, q.deliveries
)
SELECT * FROM leased ORDER BY 1;
END
$fn$;
`;

/** Deletes what is done and gives its room back to the stream. */
const ACKNOWLEDGE = `
CREATE FUNCTION nomnom_queue_ack(_ids int8[], _consumer int, _size_slot int) RETURNS void LANGUAGE plpgsql ${PLANNED_ONCE} AS $fn$
#variable_conflict use_column
BEGIN
WITH done AS (
  DELETE FROM nomnom_queue WHERE id = ANY (_ids) AND consumer + 0 = _consumer RETURNING stream, size
)
UPDATE nomnom_queue_size z SET bytes = z.bytes - freed.bytes
FROM (SELECT stream, sum(size) AS bytes FROM done GROUP BY stream) AS freed
WHERE z.stream = freed.stream AND z.slot = _size_slot;
END
$fn$;
`;

/** Moves the end of leases that are still ours: a lease that another worker has taken over counts one delivery more. */
const MOVE_LEASE_END = `
CREATE FUNCTION nomnom_queue_move(_ids int8[], _deliveries int[], _milliseconds int8) RETURNS void
LANGUAGE plpgsql ${PLANNED_ONCE} AS $fn$
#variable_conflict use_column
BEGIN
UPDATE nomnom_queue q SET visible_at = now() + _milliseconds * interval '1 ms'
WHERE q.id = ANY (_ids)
  AND ((q.id, q.deliveries) IN (SELECT a, b FROM unnest(_ids, _deliveries) AS lease (a, b))) IS TRUE;
END
$fn$;
`;

export const FUNCTIONS = ROTATIONS + PUBLISH + LEASE + ACKNOWLEDGE + MOVE_LEASE_END;
