import type { SqlSession } from '../../../sql/postgres/session.ts';
import { type LedgerEntry, type MessageError, UNFINISHED } from '../../../ports/ledger-entries.ts';
import type { Suspect } from '../../../ports/ledger.ts';
import { jsonText } from '../../../sql/postgres/ledger/json-text.ts';
import { MARK_UNFINISHED, MARK_TOGETHER, CLEAR_UNFINISHED } from '../../../sql/postgres/ledger/suspects.ts';

export async function markUnfinished(
  sql: SqlSession,
  { messageId, pipeline, entity, generation, receivedAt }: LedgerEntry,
  error: MessageError,
): Promise<number | undefined> {
  const values = [messageId, pipeline, entity, generation, String(Math.trunc(receivedAt)), jsonText(error)];
  const { rows } = await sql.query({ ...MARK_UNFINISHED, values });
  return rows[0] === undefined ? undefined : Number(rows[0]['tries']);
}

export async function markTogether(sql: SqlSession, suspects: readonly Suspect[]): Promise<void> {
  const values = [
    suspects.map(({ entry }) => entry.messageId),
    suspects.map(({ entry }) => entry.pipeline),
    suspects.map(({ entry }) => entry.entity),
    suspects.map(({ entry }) => entry.generation),
    suspects.map(({ entry }) => String(Math.trunc(entry.receivedAt))),
    suspects.map(({ error }) => jsonText(error)),
  ];
  await sql.query({ ...MARK_TOGETHER, values });
}

export async function clearUnfinished(sql: SqlSession, messageIds: readonly string[]): Promise<void> {
  await sql.query({ ...CLEAR_UNFINISHED, values: [[...messageIds], UNFINISHED] });
}
