import { DEAD_LETTER_COLUMNS } from './dead-letter-columns.ts';

/**
 * Of several who ask at once one gets the row; the others pass it by. A message that has another outcome by now is not
 * open, whatever its dead letter says; one whose status is gone has no other outcome.
 */
export const LEASE_FOR_REPLAY = {
  text: `
WITH open AS (
  SELECT d.id FROM dead_letters AS d LEFT JOIN message_status AS s USING (message_id)
  WHERE d.id = ANY ($1::bigint[]) AND d.replayed_at IS NULL AND (d.replay_until IS NULL OR d.replay_until <= now())
    AND (s.message_id IS NULL OR (s.status = 'dlq' AND s.generation = d.generation))
  ORDER BY d.id FOR UPDATE OF d SKIP LOCKED
), leased AS (
  UPDATE dead_letters AS d SET replay_token = $2::uuid, replay_until = now() + interval '1 minute'
  FROM open WHERE d.id = open.id
  RETURNING d.*
)
SELECT ${DEAD_LETTER_COLUMNS}, d.body, d.headers::text AS headers FROM leased AS d ORDER BY d.id`,
};

export const RELEASE_REPLAY = {
  text: `
UPDATE dead_letters SET replay_token = NULL, replay_until = NULL
WHERE id = ANY ($1::bigint[]) AND replay_token = $2::uuid`,
};

/** The worker may have settled the new generation already: then its status stays. */
export const FINISH_REPLAY = {
  text: `
WITH done AS (
  UPDATE dead_letters SET replay_token = NULL, replay_until = NULL, replayed_at = now()
  WHERE id = ANY ($1::bigint[]) AND replay_token = $2::uuid
  RETURNING message_id, generation
), still_dead AS (
  SELECT s.message_id, s.generation FROM message_status AS s JOIN done USING (message_id, generation)
  WHERE s.status = 'dlq' ORDER BY s.message_id FOR UPDATE OF s
)
UPDATE message_status AS s
SET status = 'accepted', generation = s.generation + 1, retry_count = 0, error = NULL, updated_at = now()
FROM still_dead AS d WHERE s.message_id = d.message_id AND s.generation = d.generation`,
};

/** A replay that died before it could note so has put a later generation into the world: the letter is closed by that. */
export const CLOSE_OVERTAKEN = {
  text: `
UPDATE dead_letters AS d SET replay_token = NULL, replay_until = NULL, replayed_at = now()
FROM message_status AS s
WHERE d.id = ANY ($1::bigint[]) AND s.message_id = d.message_id AND s.generation > d.generation
  AND d.replayed_at IS NULL AND (d.replay_until IS NULL OR d.replay_until <= now())`,
};

export const READ_STANDING = {
  text: `
SELECT id::text AS id, replayed_at IS NULL AND replay_until > now() AS taken
FROM dead_letters WHERE id = ANY ($1::bigint[])`,
};
