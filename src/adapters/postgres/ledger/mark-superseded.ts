import type { SqlSession } from '../../../sql/postgres/session.ts';
import { MARK_SUPERSEDED } from '../../../sql/postgres/ledger/mark-superseded.ts';

export async function markSuperseded(sql: SqlSession, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await sql.query({ ...MARK_SUPERSEDED, values: [[...messageIds]] });
}
