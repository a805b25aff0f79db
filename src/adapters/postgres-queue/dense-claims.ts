import { CONSUMER_LOCK, MOST_BYTES, PLANNED_ONCE, RUN, RUN_LOCK } from './leases.ts';
import { SEGMENTS } from './segments.ts';

/** Ids of messages are read as one range where it has no more than so many ids for each of them. */
export const DENSE = 4;

/*
 * As `CLAIM` in `leases.ts`, but it goes on behind the place that an earlier claim reached. Otherwise each claim passes over all
 * messages that are out, and over all that were deleted and that some statement may still see: three times as many as it takes.
 * What came before that place since is found by a claim without one. A claim looks for it by itself where a lease has ended, and
 * where it finds too few behind the place. `reached` is absent where there may be no more.
 */
const CLAIM_ON = `
CREATE FUNCTION nomnom_queue_claim(
  _consumer int, _max int, _milliseconds int8, _ordered boolean, _after timestamptz, _after_id int8,
  OUT lease int8, OUT reached timestamptz, OUT first_segment int, OUT last_segment int, OUT ids json, OUT message_ids json,
  OUT entities json, OUT generations json, OUT deliveries json, OUT received json, OUT programs json, OUT headers json
) LANGUAGE plpgsql ${PLANNED_ONCE} SET enable_sort = off AS $fn$
#variable_conflict use_column
DECLARE
  _lapsed int8[];
  _seen int8[];
  _out int8[];
  _taken int8[];
  _sizes int[];
  _bytes int8;
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
IF _lapsed IS NOT NULL OR _after IS NULL THEN
  _after := '-infinity';
  _after_id := 0;
END IF;
LOOP
  _seen := ARRAY(SELECT l.id FROM nomnom_queue_lease l WHERE l.consumer = _consumer);
  _out := ARRAY(SELECT unnest(l.messages) FROM nomnom_queue_lease l WHERE l.id = ANY (_seen));
  SELECT min(q.segment), max(q.segment), max(q.visible_at), array_agg(q.id), array_agg(q.size), sum(q.size), json_agg(q.id),
    json_agg(q.message_id), json_agg(q.entity), json_agg(q.generation), json_agg(q.deliveries + 1), json_agg(q.received_at),
    json_agg(q.program), json_agg(q.headers)
  INTO first_segment, last_segment, reached, _taken, _sizes, _bytes, ids, message_ids, entities, generations, deliveries, received,
    programs, headers
  FROM (
    SELECT * FROM nomnom_queue n
    WHERE n.consumer = _consumer AND n.visible_at <= now() AND (n.visible_at, n.id) > (_after, _after_id)
      AND CASE WHEN n.id NOT IN (SELECT unnest(_out))
        THEN CASE WHEN _ordered THEN true ELSE pg_try_advisory_xact_lock(${RUN_LOCK}, (n.id / ${RUN} % 2147483647)::int) END END
    ORDER BY n.visible_at, n.id LIMIT _max
  ) AS q;
  IF coalesce(cardinality(_taken), 0) < _max AND _after > '-infinity' THEN
    _after := '-infinity';
    _after_id := 0;
    CONTINUE;
  END IF;
  IF _taken IS NULL THEN RETURN; END IF;
  IF _bytes > ${MOST_BYTES} AND cardinality(_taken) > 1 THEN
    SELECT greatest(1, count(*)) INTO _max FROM (
      SELECT sum(m.size) OVER (ORDER BY m.n) AS bytes FROM unnest(_sizes) WITH ORDINALITY AS m (size, n)
    ) AS first WHERE first.bytes <= ${MOST_BYTES};
    CONTINUE;
  END IF;
  EXIT WHEN NOT EXISTS (
    SELECT FROM nomnom_queue_lease l, unnest(l.messages) AS m (id)
    WHERE l.consumer = _consumer AND NOT l.id = ANY (_seen) AND m.id IN (SELECT unnest(_taken))
  );
END LOOP;
IF cardinality(_taken) < _max THEN reached := NULL; END IF;
INSERT INTO nomnom_queue_lease AS l (consumer, ends_at, messages)
VALUES (_consumer, clock_timestamp() + _milliseconds * interval '1 ms', _taken) RETURNING l.id INTO lease;
END
$fn$;
`;

const deleting = (which: string) => `
  WITH done AS (
    DELETE FROM nomnom_queue WHERE ${which} AND segment BETWEEN _first_segment AND _last_segment
      AND consumer + 0 = _consumer RETURNING stream, size
  ), freed AS (
    UPDATE nomnom_queue_size z SET bytes = z.bytes - freed.bytes
    FROM (SELECT stream, sum(size) AS bytes FROM done GROUP BY stream) AS freed
    WHERE z.stream = freed.stream AND z.slot = _size_slot
  )
  SELECT count(*) INTO _found FROM done;`;

/*
 * As in `leases.ts`. A range is one way through an index instead of one for each id. `IS TRUE` keeps Postgres from making a join
 * of it.
 */
const SETTLE = `
CREATE OR REPLACE FUNCTION nomnom_queue_settle(
  _ids int8[], _over int8[], _consumer int, _first_segment int, _last_segment int, _size_slot int
) RETURNS void LANGUAGE plpgsql ${PLANNED_ONCE} AS $fn$
#variable_conflict use_column
DECLARE
  _left int := cardinality(_ids);
  _found int;
  _low int8;
  _high int8;
BEGIN
PERFORM set_config('synchronous_commit', 'off', true);
DELETE FROM nomnom_queue_lease WHERE id = ANY (_over);
SELECT min(m.id), max(m.id) INTO _low, _high FROM unnest(_ids) AS m (id);
LOOP
  IF _high - _low < ${DENSE} * cardinality(_ids) THEN ${deleting(
    'id BETWEEN _low AND _high AND (id IN (SELECT unnest(_ids))) IS TRUE',
  )}
  ELSE ${deleting('id = ANY (_ids)')}
  END IF;
  _left := _left - _found;
  EXIT WHEN _left <= 0 OR _last_segment - _first_segment = ${SEGMENTS - 1};
  _first_segment := 0;
  _last_segment := ${SEGMENTS - 1};
END LOOP;
END
$fn$;
`;

export const DENSE_CLAIMS = CLAIM_ON + SETTLE;
