import type { SqlSession } from '../../../sql/postgres/session.ts';
import { columnsOf, inLockOrder } from './entry-columns.ts';
import type { FailedEntry } from '../../../ports/ledger-entries.ts';
import { jsonText } from '../../../sql/postgres/ledger/json-text.ts';
import { MARK_RETRYING } from '../../../sql/postgres/ledger/mark-retrying.ts';

export async function markRetrying(
  sql: SqlSession,
  failed: readonly FailedEntry[],
): Promise<ReadonlyMap<string, number>> {
  if (failed.length === 0) return new Map();
  const errors = inLockOrder(failed).map((entry) => jsonText(entry.error));
  const { rows } = await sql.query({ ...MARK_RETRYING, values: [...columnsOf(failed), errors] });
  return new Map(rows.map((row) => [row['message_id'] as string, Number(row['retry_count'])]));
}
