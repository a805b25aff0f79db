import type { Session } from '../../ports/store.ts';
import { columnsOf } from './columns-of.ts';
import type { LedgerEntry } from './entries.ts';

const READ_LOST = {
  name: 'nomnom_read_lost',
  text: `
SELECT message_id, generation FROM message_status WHERE message_id = ANY ($1::uuid[]) AND status = 'lost'`,
};

/** Of these messages, the generation of those that are lost, by id. */
export async function readLost(
  session: Session,
  messageIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (messageIds.length === 0) return new Map();
  const { rows } = await session.query({ ...READ_LOST, values: [[...messageIds]] });
  return new Map(rows.map((row) => [String(row['message_id']), Number(row['generation'])]));
}

/** Where the status is still open, only its time changes: the search for lost messages then takes it for a new one. */
const REOPEN = {
  name: 'nomnom_reopen_lost',
  text: `
UPDATE message_status AS known SET status = 'accepted', updated_at = now(), generation = arrived.generation,
  retry_count = CASE WHEN known.generation < arrived.generation THEN 0 ELSE known.retry_count END, error = NULL
FROM (
  SELECT s.message_id, again.generation FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[])
    AS again (message_id, pipeline, entity, generation, received_ms)
  JOIN message_status AS s USING (message_id)
  WHERE (s.status = 'lost' AND s.generation <= again.generation)
    OR (s.status = 'accepted' AND s.generation = again.generation)
  ORDER BY s.message_id FOR UPDATE OF s
) AS arrived
WHERE known.message_id = arrived.message_id`,
};

/** Notes that messages which were accepted before are in the queue once more. */
export async function reopenLost(session: Session, entries: readonly LedgerEntry[]): Promise<void> {
  if (entries.length > 0) await session.query({ ...REOPEN, values: columnsOf(entries) });
}
