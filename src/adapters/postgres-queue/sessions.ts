import { CONSUMER_LOCK, PLANNED_ONCE } from './leases.ts';

/** Milliseconds of a lease that ends only where the session does: a hundred years. */
const NEVER = 100 * 365 * 86_400_000;

/*
 * Who restarts the consumer of a partition begins a session, which is a lease without messages; the next restart ends it. A claim
 * names its session: one that was sent before somebody else's restart and arrives after it takes nothing. Without that, it
 * took messages which the new holder then passed over.
 *
 * session: begun (restart) → ended by the next restart, or by a crash of Postgres, which forgets all leases
 *
 * A lease of a session does not end by itself, since its messages would come again behind later ones. The lock says that no
 * restart comes in between.
 */
export const SESSIONS = `
CREATE FUNCTION nomnom_queue_restart(_consumer int) RETURNS int8 LANGUAGE plpgsql ${PLANNED_ONCE} AS $fn$
DECLARE
  _session int8;
BEGIN
  PERFORM nomnom_queue_take_back(_consumer);
  INSERT INTO nomnom_queue_lease AS l (consumer, ends_at, messages) VALUES (_consumer, 'infinity', '{}')
  RETURNING l.id INTO _session;
  RETURN _session;
END
$fn$;

CREATE FUNCTION nomnom_queue_claim_in_order(
  _consumer int, _max int, _session int8,
  OUT over boolean, OUT lease int8, OUT first_segment int, OUT last_segment int, OUT ids json, OUT message_ids json,
  OUT entities json, OUT generations json, OUT deliveries json, OUT received json, OUT programs json, OUT headers json
) LANGUAGE plpgsql ${PLANNED_ONCE} AS $fn$
#variable_conflict use_column
BEGIN
  over := false;
  IF NOT pg_try_advisory_xact_lock(${CONSUMER_LOCK}, _consumer) THEN RETURN; END IF;
  over := NOT EXISTS (SELECT FROM nomnom_queue_lease l WHERE l.id = _session AND l.consumer = _consumer);
  IF over THEN RETURN; END IF;
  SELECT c.lease, c.first_segment, c.last_segment, c.ids, c.message_ids, c.entities, c.generations, c.deliveries,
    c.received, c.programs, c.headers
  INTO lease, first_segment, last_segment, ids, message_ids, entities, generations, deliveries, received, programs, headers
  FROM nomnom_queue_claim(_consumer, _max, ${NEVER}, true, NULL, NULL) AS c;
END
$fn$;
`;
