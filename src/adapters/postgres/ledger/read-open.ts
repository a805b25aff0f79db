import type { OpenMessage } from '../../../ports/ledger.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';
import { columnsOf } from './entry-columns.ts';
import type { LedgerEntry } from '../../../ports/ledger-entries.ts';
import { READ_OPEN } from '../../../sql/postgres/ledger/read-open.ts';

export async function readOpen(
  sql: SqlSession,
  entries: readonly LedgerEntry[],
): Promise<ReadonlyMap<string, OpenMessage>> {
  if (entries.length === 0) return new Map();
  const { rows } = await sql.query({ ...READ_OPEN, values: columnsOf(entries) });
  return new Map(
    rows.map((row) => [
      row['message_id'] as string,
      { retryCount: Number(row['retry_count']), errorCode: row['error_code'] as string | null },
    ]),
  );
}
