import type { SqlSession } from '../../../sql/postgres/session.ts';
import { columnsOf } from './entry-columns.ts';
import type { LedgerEntry } from '../../../ports/ledger-entries.ts';
import { RECORD_ACCEPTED } from '../../../sql/postgres/ledger/record-accepted.ts';

export async function recordAccepted(sql: SqlSession, entries: readonly LedgerEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await sql.query({ ...RECORD_ACCEPTED, values: columnsOf(entries) });
}
