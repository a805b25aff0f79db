import type { FailedEntry } from '../../../ports/ledger-entries.ts';
import { jsonText } from '../../../sql/postgres/ledger/json-text.ts';
import { NOTE_WAITING } from '../../../sql/postgres/ledger/note-waiting.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';
import { columnsOf, inLockOrder } from './entry-columns.ts';

export async function noteWaiting(sql: SqlSession, waiting: readonly FailedEntry[]): Promise<void> {
  if (waiting.length === 0) return;
  const errors = inLockOrder(waiting).map((entry) => jsonText(entry.error));
  await sql.query({ ...NOTE_WAITING, values: [...columnsOf(waiting), errors] });
}
