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

/** Counts nothing yet: among many, most are innocent. */
const MARK_TOGETHER = {
  name: 'nomnom_mark_together',
  text: `
INSERT INTO message_status AS known
  (message_id, pipeline, entity_type, status, received_at, updated_at, generation, error)
SELECT message_id, pipeline, entity_type, 'accepted', to_timestamp(received_at / 1000.0), now(), generation,
  error || '{"tries": 0}'
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::jsonb[])
  AS noted (message_id, pipeline, entity_type, generation, received_at, error)
ORDER BY message_id
ON CONFLICT (message_id) DO UPDATE SET
  updated_at = now(),
  status = CASE WHEN known.generation < excluded.generation THEN 'accepted' ELSE known.status END,
  generation = excluded.generation,
  error = excluded.error
WHERE (known.status IN ('accepted', 'retrying') AND known.generation = excluded.generation AND known.error IS NULL)
  OR known.generation < excluded.generation`,
};

/** Notes that these are about to be worked together, though one may be what ends the process: then each is worked alone. */
export async function markTogether(
  session: Session,
  suspects: readonly { readonly entry: LedgerEntry; readonly error: MessageError }[],
): Promise<void> {
  const values = [
    suspects.map(({ entry }) => entry.messageId),
    suspects.map(({ entry }) => entry.pipeline),
    suspects.map(({ entry }) => entry.entity),
    suspects.map(({ entry }) => entry.generation),
    suspects.map(({ entry }) => String(Math.trunc(entry.receivedAt))),
    suspects.map(({ error }) => jsonText(error)),
  ];
  await session.query({ ...MARK_TOGETHER, values });
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
