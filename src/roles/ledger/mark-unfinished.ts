import type { Session } from '../../ports/store.ts';
import type { LedgerEntry, MessageError } from './entries.ts';
import { jsonText } from './json-text.ts';

/** The error code of a message that was delivered again and again without any outcome. */
export const UNFINISHED = 'unfinished';

/** Counts in the error itself: the message may be innocent, so `retry_count` stays as it is. */
const MARK_UNFINISHED = {
  name: 'nomnom_mark_unfinished',
  text: `
INSERT INTO message_status AS known
  (message_id, pipeline, entity_type, status, received_at, updated_at, generation, error)
VALUES ($1::uuid, $2, $3, 'accepted', to_timestamp($5::bigint / 1000.0), now(), $4::int, $6::jsonb || '{"tries": 1}')
ON CONFLICT (message_id) DO UPDATE SET
  updated_at = now(),
  status = CASE
    WHEN known.generation < excluded.generation OR known.status = 'lost' THEN 'accepted' ELSE known.status
  END,
  generation = excluded.generation,
  error = excluded.error || jsonb_build_object(
    'tries',
    CASE WHEN known.generation < excluded.generation THEN 1
    ELSE coalesce((known.error ->> 'tries')::int, 0) + 1 END
  )
WHERE (known.status IN ('accepted', 'retrying', 'lost') AND known.generation = excluded.generation)
  OR known.generation < excluded.generation
RETURNING (error ->> 'tries')::int AS tries`,
};

/**
 * Notes that a message is about to be worked alone because it may be what ends the process. Gives how often that was
 * noted, this time included, or undefined where it was settled meanwhile.
 */
export async function markUnfinished(
  session: Session,
  { messageId, pipeline, entity, generation, receivedAt }: LedgerEntry,
  error: MessageError,
): Promise<number | undefined> {
  const values = [messageId, pipeline, entity, generation, String(Math.trunc(receivedAt)), jsonText(error)];
  const { rows } = await session.query({ ...MARK_UNFINISHED, values });
  return rows[0] === undefined ? undefined : Number(rows[0]['tries']);
}

const CLEAR_UNFINISHED = {
  name: 'nomnom_clear_unfinished',
  text: `
UPDATE message_status SET error = NULL, updated_at = now()
WHERE message_id = ANY ($1::uuid[]) AND status IN ('accepted', 'retrying') AND error ->> 'code' = '${UNFINISHED}'`,
};

/** For messages that were worked alone and did not end the process, though nothing came of them. */
export async function clearUnfinished(session: Session, messageIds: readonly string[]): Promise<void> {
  await session.query({ ...CLEAR_UNFINISHED, values: [[...messageIds]] });
}
