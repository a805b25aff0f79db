import { ID_TABLES, SEGMENTS } from './segments.ts';

/** Bytes of a segment's index that hold about 15,000 messages, each leased once. */
const FULL = 1024 * 1024;

/** A segment takes at least this share of what all hold, so that a backlog does not use up the segments. */
const SHARE = 2;

/** So few messages are moved on, so that the segment in which they wait can be emptied. */
const MOVED = 1_000;

/** Rows of the sizes are written anew when their dead versions take more than so many bytes. */
const SIZES_FULL = 128 * 1024;

/*
 * Each rotation is a transaction of its own, made by one process at a time. It waits for a lock only as long as those
 * who queue up behind it do not notice, and answers 'busy' where somebody (a backup, say) holds the table for longer.
 * They run as whoever created the tables: TRUNCATE is no right of a worker.
 */
export const ROTATIONS = `
CREATE FUNCTION nomnom_queue_rotate() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '50ms'
SET jit = off AS $fn$
DECLARE
  turn bigint;
  here integer;
  total bigint := 0;
  candidate integer;
  live integer;
  looked integer := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(6071523989) THEN RETURN 'taken'; END IF;
  SELECT last_value INTO turn FROM nomnom_queue_turn;
  here := turn % ${SEGMENTS};
  FOR n IN 0 .. ${SEGMENTS - 1} LOOP
    total := total + pg_relation_size('nomnom_queue_' || n || '_consumer_visible_at_id_idx');
  END LOOP;
  IF pg_relation_size('nomnom_queue_' || here || '_consumer_visible_at_id_idx') >= greatest(${FULL}, total / ${SHARE})
  THEN
    FOR step IN 1 .. ${SEGMENTS - 1} LOOP
      CONTINUE WHEN pg_relation_size('nomnom_queue_' || (turn + step) % ${SEGMENTS}) > 0;
      PERFORM setval('nomnom_queue_turn', turn + step);
      turn := turn + step;
      here := turn % ${SEGMENTS};
      EXIT;
    END LOOP;
  END IF;
  -- The next segments of the ring are the oldest ones.
  FOR step IN 1 .. ${SEGMENTS - 1} LOOP
    candidate := (here + step) % ${SEGMENTS};
    CONTINUE WHEN pg_relation_size('nomnom_queue_' || candidate) = 0;
    EXECUTE format('SELECT count(*) FROM (SELECT FROM nomnom_queue_%s LIMIT ${MOVED + 1}) AS rest', candidate) INTO live;
    -- What is left in the last segment but one will soon be done; what is older waits for something.
    IF live = 0 OR (live <= ${MOVED} AND step < ${SEGMENTS - 1}) THEN
      EXECUTE format('LOCK TABLE nomnom_queue_%s IN ACCESS EXCLUSIVE MODE', candidate);
      EXECUTE format('INSERT INTO nomnom_queue (
        id, segment, consumer, visible_at, deliveries, generation, size, received_at, message_id, stream, subject,
        entity, program, headers, body
      ) OVERRIDING SYSTEM VALUE
      SELECT id, %s, consumer, visible_at, deliveries, generation, size, received_at, message_id, stream, subject,
        entity, program, headers, body
      FROM nomnom_queue_%s', here, candidate);
      EXECUTE format('TRUNCATE nomnom_queue_%s', candidate);
      RETURN 'emptied';
    END IF;
    looked := looked + 1;
    EXIT WHEN looked = 2;
  END LOOP;
  RETURN 'nothing';
EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
  RETURN 'busy';
END
$fn$;

-- Nobody publishes while the turn changes: an id must not go into two tables.
CREATE FUNCTION nomnom_queue_rotate_ids() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '50ms'
SET jit = off AS $fn$
DECLARE
  turn bigint;
  over boolean;
  candidate integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(6071523990) THEN RETURN 'taken'; END IF;
  SELECT last_value INTO turn FROM nomnom_queue_dedupe_turn;
  EXECUTE format('SELECT (SELECT expires_at FROM nomnom_queue_dedupe_%s LIMIT 1) <= now()', turn % ${ID_TABLES}) INTO over;
  IF over AND pg_relation_size('nomnom_queue_dedupe_' || (turn + 1) % ${ID_TABLES}) = 0 THEN
    LOCK TABLE nomnom_queue_dedupe IN SHARE ROW EXCLUSIVE MODE;
    turn := turn + 1;
    PERFORM setval('nomnom_queue_dedupe_turn', turn);
    RETURN 'turned';
  END IF;
  FOR step IN 1 .. ${ID_TABLES - 1} LOOP
    candidate := (turn + step) % ${ID_TABLES};
    CONTINUE WHEN pg_relation_size('nomnom_queue_dedupe_' || candidate) = 0;
    EXECUTE format('SELECT NOT EXISTS (SELECT FROM nomnom_queue_dedupe_%s WHERE expires_at > now())', candidate) INTO over;
    CONTINUE WHEN NOT over;
    EXECUTE format('TRUNCATE nomnom_queue_dedupe_%s', candidate);
    RETURN 'emptied';
  END LOOP;
  RETURN 'nothing';
EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
  RETURN 'busy';
END
$fn$;

CREATE FUNCTION nomnom_queue_rewrite_sizes() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '50ms'
SET jit = off AS $fn$
DECLARE
  sizes nomnom_queue_size[];
  emptied boolean;
BEGIN
  -- Somebody has taken the messages away by hand.
  emptied := EXISTS (SELECT FROM nomnom_queue_size GROUP BY stream HAVING sum(bytes) > 0)
    AND NOT EXISTS (SELECT FROM nomnom_queue);
  IF NOT emptied AND pg_relation_size('nomnom_queue_size') < ${SIZES_FULL} THEN RETURN 'nothing'; END IF;
  IF NOT pg_try_advisory_xact_lock(6071523991) THEN RETURN 'taken'; END IF;
  LOCK TABLE nomnom_queue_size IN ACCESS EXCLUSIVE MODE;
  -- Who publishes or acknowledges holds this table until it is committed, so that nothing is under way now.
  IF NOT EXISTS (SELECT FROM nomnom_queue) THEN UPDATE nomnom_queue_size SET bytes = 0 WHERE bytes <> 0; END IF;
  SELECT array_agg(z) INTO sizes FROM nomnom_queue_size AS z;
  -- As many streams as this take so much room without any dead version.
  IF cardinality(sizes) > ${SIZES_FULL / 256} THEN RETURN 'nothing'; END IF;
  TRUNCATE nomnom_queue_size;
  INSERT INTO nomnom_queue_size SELECT (z).* FROM unnest(sizes) AS z;
  RETURN 'emptied';
EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
  RETURN 'busy';
END
$fn$;

DO $do$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['nomnom_queue_rotate', 'nomnom_queue_rotate_ids', 'nomnom_queue_rewrite_sizes'] LOOP
    EXECUTE format('ALTER FUNCTION %I() SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END
$do$;
`;
