import type { SqlSession } from '../../../sql/postgres/session.ts';
import { columnsOf } from './entry-columns.ts';
import type { LedgerEntry } from '../../../ports/ledger-entries.ts';
import { CLAIM } from '../../../sql/postgres/ledger/claim.ts';

export async function claim(sql: SqlSession, entries: readonly LedgerEntry[]): Promise<ReadonlySet<string>> {
  const claimed = new Set(entries.map(({ messageId }) => messageId));
  const { rows } = await sql.query({ ...CLAIM, values: columnsOf(entries) });
  for (const row of rows) claimed.delete(row['message_id'] as string);
  return claimed;
}
