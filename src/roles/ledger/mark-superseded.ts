import type { Session } from '../../ports/store.ts';

/**
 * Unnamed, so that it is planned for the table as it is: a plan from when the table was empty would scan it. The array is
 * computed, so that Postgres takes it for a few ids and looks each up.
 */
const MARK_SUPERSEDED = {
  text: `
UPDATE message_status SET status = 'superseded', updated_at = now()
WHERE message_id = ANY (ARRAY(SELECT unnest($1::uuid[])))`,
};

/** For messages that this transaction has claimed and that lost against a newer version. */
export async function markSuperseded(session: Session, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await session.query({ ...MARK_SUPERSEDED, values: [[...messageIds]] });
}
