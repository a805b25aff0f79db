/** Segments of the messages; each is a table of its own. */
export const SEGMENTS = 12;

/** Tables of published ids: one takes new ones, one waits for its window to end, one is empty. */
export const ID_TABLES = 3;

/*
 * Deleted rows stay in a table and its indexes for as long as any session holds a snapshot from before, and whoever
 * looks for the next message passes all of them. So messages lie in segments. New ones go into the segment of the turn;
 * when it is full, an empty one has the next turn. One from which all messages are gone is truncated, which no snapshot
 * hinders. Where a message lies means nothing else: its id and its place in the queue stay when it is moved.
 *
 * The turn is a sequence and not a row: it is read by every publisher, and a sequence has no dead versions.
 * Nothing needs to vacuum a segment that is truncated soon; the thresholds are for one that grows with a backlog.
 * The segment has a default, so that a program of before, which does not know it, is refused for the ids alone.
 */
export const MOVE_TO_SEGMENTS = `
LOCK TABLE nomnom_queue, nomnom_queue_dedupe, nomnom_queue_size IN ACCESS EXCLUSIVE MODE;
ALTER TABLE nomnom_queue RENAME TO nomnom_queue_before;
ALTER TABLE nomnom_queue_dedupe RENAME TO nomnom_queue_dedupe_before;
ALTER INDEX nomnom_queue_next RENAME TO nomnom_queue_before_next;
ALTER INDEX nomnom_queue_dedupe_pkey RENAME TO nomnom_queue_dedupe_before_pkey;
ALTER SEQUENCE nomnom_queue_id_seq RENAME TO nomnom_queue_before_id_seq;
CREATE TABLE nomnom_queue (
  id bigint GENERATED ALWAYS AS IDENTITY,
  segment smallint NOT NULL DEFAULT 0,
  consumer integer,
  visible_at timestamptz NOT NULL,
  deliveries integer NOT NULL DEFAULT 0,
  generation integer NOT NULL,
  size integer NOT NULL,
  received_at bigint NOT NULL,
  message_id uuid NOT NULL,
  stream text NOT NULL,
  subject text NOT NULL,
  entity text NOT NULL,
  program text,
  headers text NOT NULL,
  body bytea NOT NULL
) PARTITION BY LIST (segment);
CREATE INDEX nomnom_queue_next ON nomnom_queue (consumer, visible_at, id);
CREATE TABLE nomnom_queue_dedupe (
  slot smallint NOT NULL DEFAULT 0,
  stream text NOT NULL,
  dedupe_id text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (stream, dedupe_id, slot)
) PARTITION BY LIST (slot);
CREATE SEQUENCE nomnom_queue_turn MINVALUE 0 START 0;
CREATE SEQUENCE nomnom_queue_dedupe_turn MINVALUE 0 START 0;
DO $do$
BEGIN
  FOR n IN 0 .. ${SEGMENTS - 1} LOOP
    EXECUTE format('CREATE TABLE nomnom_queue_%s PARTITION OF nomnom_queue FOR VALUES IN (%s) WITH (
      autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_scale_factor = 0.05,
      autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_threshold = 2000000000)', n, n);
    EXECUTE format('CREATE UNIQUE INDEX nomnom_queue_%s_id ON nomnom_queue_%s (id)', n, n);
  END LOOP;
  FOR n IN 0 .. ${ID_TABLES - 1} LOOP
    EXECUTE format('CREATE TABLE nomnom_queue_dedupe_%s PARTITION OF nomnom_queue_dedupe FOR VALUES IN (%s)', n, n);
  END LOOP;
END
$do$;
INSERT INTO nomnom_queue (
  id, consumer, visible_at, deliveries, generation, size, received_at, message_id, stream, subject, entity, program,
  headers, body
) OVERRIDING SYSTEM VALUE
SELECT id, consumer, visible_at, deliveries, generation, size, received_at, message_id, stream, subject, entity, program,
  headers, body
FROM nomnom_queue_before;
SELECT setval('nomnom_queue_id_seq', last_value, is_called) FROM nomnom_queue_before_id_seq;
INSERT INTO nomnom_queue_dedupe (stream, dedupe_id, expires_at)
SELECT stream, dedupe_id, expires_at FROM nomnom_queue_dedupe_before WHERE expires_at > now();
DROP TABLE nomnom_queue_before, nomnom_queue_dedupe_before;
`;
