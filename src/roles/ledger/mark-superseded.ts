import type { Session } from '../../ports/store.ts';

const MARK_SUPERSEDED = {
  name: 'nomnom_mark_superseded',
  text: `
UPDATE message_status SET status = 'superseded', updated_at = now()
WHERE message_id = ANY ($1::uuid[])`,
};

/** For messages that this transaction has claimed and that lost against a newer version. */
export async function markSuperseded(session: Session, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await session.query({ ...MARK_SUPERSEDED, values: [[...messageIds]] });
}
