import type { Session } from '../../ports/store.ts';
import { DEAD_LETTER_COLUMNS, type FullDeadLetter, fullDeadLetterOf } from './dead-letter.ts';

/**
 * Of several who ask at once one gets the row; the others pass it by. A message that has another outcome by now is not
 * open, whatever its dead letter says; one whose status is gone has no other outcome.
 */
const LEASE = {
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

const RELEASE = {
  text: `
UPDATE dead_letters SET replay_token = NULL, replay_until = NULL
WHERE id = ANY ($1::bigint[]) AND replay_token = $2::uuid`,
};

/** The worker may have settled the new generation already: then its status stays. */
const FINISH = {
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
const CLOSE_OVERTAKEN = {
  text: `
UPDATE dead_letters AS d SET replay_token = NULL, replay_until = NULL, replayed_at = now()
FROM message_status AS s
WHERE d.id = ANY ($1::bigint[]) AND s.message_id = d.message_id AND s.generation > d.generation
  AND d.replayed_at IS NULL AND (d.replay_until IS NULL OR d.replay_until <= now())`,
};

const STANDING = {
  text: `
SELECT id::text AS id, replayed_at IS NULL AND replay_until > now() AS taken
FROM dead_letters WHERE id = ANY ($1::bigint[])`,
};

/** Those that this replay now has for itself, in the order of failure. */
export async function leaseForReplay(
  session: Session,
  ids: readonly string[],
  token: string,
): Promise<readonly FullDeadLetter[]> {
  if (ids.length === 0) return [];
  const { rows } = await session.query({ ...LEASE, values: [[...ids], token] });
  return rows.map(fullDeadLetterOf);
}

/** Opens them again. */
export async function releaseReplay(session: Session, ids: readonly string[], token: string): Promise<void> {
  if (ids.length > 0) await session.query({ ...RELEASE, values: [[...ids], token] });
}

/** Notes that they are in the queue; their messages are `accepted` again. */
export async function finishReplay(session: Session, ids: readonly string[], token: string): Promise<void> {
  if (ids.length > 0) await session.query({ ...FINISH, values: [[...ids], token] });
}

/** Why letters could not be leased; one that is missing in the answer is gone. Closes those that were overtaken. */
export async function standing(
  session: Session,
  ids: readonly string[],
): Promise<ReadonlyMap<string, 'taken' | 'settled'>> {
  if (ids.length === 0) return new Map();
  await session.query({ ...CLOSE_OVERTAKEN, values: [[...ids]] });
  const { rows } = await session.query({ ...STANDING, values: [[...ids]] });
  return new Map(rows.map((row) => [String(row['id']), row['taken'] === true ? 'taken' : 'settled']));
}
