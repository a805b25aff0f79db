import { SEGMENTS } from './segments.ts';

/** A claim takes no more than so many bytes of messages, but always one. */
export const MOST_BYTES = 32 * 1024 * 1024;

/** Leases are written anew when their dead versions take more than so many bytes. */
const LEASES_FULL = 512 * 1024;

/** Claims lock messages by runs of so many ids. */
export const RUN = 512;

/** Numbers of ours that mean nothing; a consumer's number goes with the first, that of a run with the second. */
export const CONSUMER_LOCK = 607_152_399;
export const RUN_LOCK = 607_152_400;
const REWRITE_LOCK = 6_071_523_992;

/*
 * A lease is a row for all messages that one claim took, and the rows of the messages stay as they are: a claim that changed each
 * of them wrote them anew, with their bodies and two entries of indexes.
 *
 * message waits → its id is in a lease → acknowledged: deleted
 *                                      → given back: out of the lease, one delivery more, visible later
 *                                      → the lease ended, or everything is taken back: one delivery more, visible at once
 *
 * A lease that is lost costs a delivery and nothing else. So the table is not logged: a claim waits for no disk, and Postgres
 * forgets all leases in a crash.
 */
const LEASES = `
CREATE UNLOGGED TABLE nomnom_queue_lease (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  consumer integer NOT NULL,
  ends_at timestamptz NOT NULL,
  messages bigint[] NOT NULL
) WITH (toast_tuple_target = 8160);
ALTER TABLE nomnom_queue_lease ALTER messages SET STORAGE MAIN;
DROP FUNCTION nomnom_queue_lease(int, int, int8), nomnom_queue_ack(int8[], int, int), nomnom_queue_move(int8[], int[], int8);
`;

/** As in `functions.ts`: the plan is that of the statement, whatever Postgres knows of the tables. */
export const PLANNED_ONCE = `SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off`;

/*
 * Leases the next messages of a consumer, oldest first. Claims never wait for each other, because a worker may stop in the middle
 * of one: each passes over the runs of ids that another one is taking from, of whatever consumer. Who has the lock of a run sees the
 * leases of all that had it before: it looks again where there are some that it had not seen.
 *
 * Of a partition nothing may be passed over, or a later message of a key would come first. It has one worker, so there the consumer is
 * locked as a whole. While one that had it before is stopped in the middle of a claim, nobody gets anything.
 *
 * The answer has a list for each column; the bodies are read by a statement of their own, because what a function
 * gives is held in memory as a whole, and the pages for that cost more than everything else.
 */
const CLAIM = `
CREATE FUNCTION nomnom_queue_claim(
  _consumer int, _max int, _milliseconds int8, _ordered boolean,
  OUT lease int8, OUT first_segment int, OUT last_segment int, OUT ids json, OUT message_ids json, OUT entities json,
  OUT generations json, OUT deliveries json, OUT received json, OUT programs json, OUT headers json
) LANGUAGE plpgsql ${PLANNED_ONCE} SET enable_sort = off AS $fn$
#variable_conflict use_column
DECLARE
  _lapsed int8[];
  _seen int8[];
  _out int8[];
  _taken int8[];
BEGIN
IF NOT _ordered THEN
  PERFORM pg_advisory_xact_lock_shared(${CONSUMER_LOCK}, _consumer);
ELSIF NOT pg_try_advisory_xact_lock(${CONSUMER_LOCK}, _consumer) THEN
  RETURN;
END IF;
WITH ended AS (
  DELETE FROM nomnom_queue_lease l WHERE l.id = ANY (ARRAY(
    SELECT o.id FROM nomnom_queue_lease o WHERE o.consumer = _consumer AND o.ends_at <= now() FOR UPDATE SKIP LOCKED
  )) RETURNING l.messages
)
SELECT array_agg(m.id) INTO _lapsed FROM ended, unnest(ended.messages) AS m (id);
IF _lapsed IS NOT NULL THEN
  UPDATE nomnom_queue q SET deliveries = q.deliveries + 1 WHERE q.id = ANY (_lapsed);
END IF;
LOOP
  _seen := ARRAY(SELECT l.id FROM nomnom_queue_lease l WHERE l.consumer = _consumer);
  _out := ARRAY(SELECT unnest(l.messages) FROM nomnom_queue_lease l WHERE l.id = ANY (_seen));
  SELECT min(q.segment), max(q.segment), array_agg(q.id), json_agg(q.id), json_agg(q.message_id), json_agg(q.entity),
    json_agg(q.generation), json_agg(q.deliveries + 1), json_agg(q.received_at), json_agg(q.program), json_agg(q.headers)
  INTO first_segment, last_segment, _taken, ids, message_ids, entities, generations, deliveries, received, programs, headers
  FROM (
    SELECT n.*, sum(n.size) OVER (ORDER BY n.visible_at, n.id ROWS UNBOUNDED PRECEDING) AS bytes
    FROM nomnom_queue n
    WHERE n.consumer = _consumer AND n.visible_at <= now() AND CASE WHEN n.id NOT IN (SELECT unnest(_out))
      THEN CASE WHEN _ordered THEN true ELSE pg_try_advisory_xact_lock(${RUN_LOCK}, (n.id / ${RUN} % 2147483647)::int) END END
    ORDER BY n.visible_at, n.id LIMIT _max
  ) AS q WHERE q.bytes <= greatest(${MOST_BYTES}, q.size);
  IF _taken IS NULL THEN RETURN; END IF;
  EXIT WHEN NOT EXISTS (
    SELECT FROM nomnom_queue_lease l, unnest(l.messages) AS m (id)
    WHERE l.consumer = _consumer AND NOT l.id = ANY (_seen) AND m.id IN (SELECT unnest(_taken))
  );
END LOOP;
INSERT INTO nomnom_queue_lease AS l (consumer, ends_at, messages)
VALUES (_consumer, clock_timestamp() + _milliseconds * interval '1 ms', _taken) RETURNING l.id INTO lease;
END
$fn$;
`;

/*
 * Deletes what is done and gives its room back to the stream, and ends leases of which nothing is left. A message that was
 * moved to another segment is looked for in all. An acknowledgement that a crash takes back is harmless, so nothing waits for
 * the disk.
 */
const SETTLE = `
CREATE FUNCTION nomnom_queue_settle(
  _ids int8[], _over int8[], _consumer int, _first_segment int, _last_segment int, _size_slot int
) RETURNS void LANGUAGE plpgsql ${PLANNED_ONCE} AS $fn$
#variable_conflict use_column
DECLARE
  _left int := cardinality(_ids);
  _found int;
BEGIN
PERFORM set_config('synchronous_commit', 'off', true);
DELETE FROM nomnom_queue_lease WHERE id = ANY (_over);
LOOP
  WITH done AS (
    DELETE FROM nomnom_queue WHERE id = ANY (_ids) AND segment BETWEEN _first_segment AND _last_segment
      AND consumer + 0 = _consumer RETURNING stream, size
  ), freed AS (
    UPDATE nomnom_queue_size z SET bytes = z.bytes - freed.bytes
    FROM (SELECT stream, sum(size) AS bytes FROM done GROUP BY stream) AS freed
    WHERE z.stream = freed.stream AND z.slot = _size_slot
  )
  SELECT count(*) INTO _found FROM done;
  _left := _left - _found;
  EXIT WHEN _left <= 0 OR _last_segment - _first_segment = ${SEGMENTS - 1};
  _first_segment := 0;
  _last_segment := ${SEGMENTS - 1};
END LOOP;
END
$fn$;
`;

/** Takes messages out of leases that are still there, each of the lease beside it, to be visible later. */
const GIVE_BACK = `
CREATE FUNCTION nomnom_queue_give_back(_ids int8[], _leases int8[], _over int8[], _milliseconds int8) RETURNS void
LANGUAGE plpgsql ${PLANNED_ONCE} AS $fn$
#variable_conflict use_column
DECLARE
  _own int8[];
BEGIN
PERFORM FROM nomnom_queue_lease WHERE id = ANY (_leases) ORDER BY id FOR UPDATE;
SELECT array_agg(given.id) INTO _own
FROM unnest(_ids, _leases) AS given (id, lease)
WHERE (SELECT given.id = ANY (l.messages) FROM nomnom_queue_lease l WHERE l.id = given.lease);
UPDATE nomnom_queue q SET visible_at = now() + _milliseconds * interval '1 ms', deliveries = q.deliveries + 1
WHERE q.id = ANY (_own);
UPDATE nomnom_queue_lease l
SET messages = ARRAY(SELECT m.id FROM unnest(l.messages) AS m (id) WHERE m.id NOT IN (SELECT unnest(_ids)))
WHERE l.id = ANY (_leases) AND NOT l.id = ANY (_over);
DELETE FROM nomnom_queue_lease WHERE id = ANY (_over);
END
$fn$;
`;

/** Everything that is or was out comes before what has never been out, in its order; no lease of before holds anything. */
const TAKE_BACK = `
CREATE FUNCTION nomnom_queue_take_back(_consumer int) RETURNS void LANGUAGE plpgsql ${PLANNED_ONCE} AS $fn$
#variable_conflict use_column
DECLARE
  _out int8[];
BEGIN
PERFORM pg_advisory_xact_lock(${CONSUMER_LOCK}, _consumer);
WITH ended AS (DELETE FROM nomnom_queue_lease l WHERE l.consumer = _consumer RETURNING l.messages)
SELECT array_agg(m.id) INTO _out FROM ended, unnest(ended.messages) AS m (id);
UPDATE nomnom_queue SET visible_at = '-infinity', deliveries = deliveries + 1
WHERE consumer = _consumer AND (deliveries > 0 OR id IN (SELECT unnest(_out)));
END
$fn$;
`;

/** As the sizes of streams: see `rotations.ts`. */
const REWRITE_LEASES = `
CREATE FUNCTION nomnom_queue_rewrite_leases() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '50ms'
SET jit = off AS $fn$
DECLARE
  leases nomnom_queue_lease[];
BEGIN
  IF pg_relation_size('nomnom_queue_lease') < ${LEASES_FULL} THEN RETURN 'nothing'; END IF;
  IF NOT pg_try_advisory_xact_lock(${REWRITE_LOCK}) THEN RETURN 'taken'; END IF;
  LOCK TABLE nomnom_queue_lease IN ACCESS EXCLUSIVE MODE;
  SELECT array_agg(l) INTO leases FROM nomnom_queue_lease AS l;
  -- As many leases as this take so much room without any dead version.
  IF cardinality(leases) > ${LEASES_FULL / 4096} THEN RETURN 'nothing'; END IF;
  TRUNCATE nomnom_queue_lease;
  INSERT INTO nomnom_queue_lease OVERRIDING SYSTEM VALUE SELECT (l).* FROM unnest(leases) AS l;
  RETURN 'emptied';
EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
  RETURN 'busy';
END
$fn$;
DO $do$
BEGIN
  EXECUTE format('ALTER FUNCTION nomnom_queue_rewrite_leases() SET search_path = %I, pg_temp', current_schema());
END
$do$;
`;

/** Rows of more than 2 kB are compressed when they are stored. LZ4 does it faster, where Postgres was built with it. */
const COMPRESSION = `
DO $do$
BEGIN
  ALTER TABLE nomnom_queue ALTER body SET COMPRESSION lz4;
  FOR n IN 0 .. ${SEGMENTS - 1} LOOP
    EXECUTE format('ALTER TABLE nomnom_queue_%s ALTER body SET COMPRESSION lz4', n);
  END LOOP;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END
$do$;
`;

export const LEASE_ROWS = COMPRESSION + LEASES + CLAIM + SETTLE + GIVE_BACK + TAKE_BACK + REWRITE_LEASES;
