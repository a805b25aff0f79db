import type { MessageStatus } from '../../../ports/ledger.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';
import type { MessageError, MessageState } from '../../../ports/ledger-entries.ts';
import { READ_STATUS } from '../../../sql/postgres/ledger/read-status.ts';

export async function readStatus(sql: SqlSession, messageId: string): Promise<MessageStatus | undefined> {
  const { rows } = await sql.query({ ...READ_STATUS, values: [messageId] });
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    messageId,
    pipeline: String(row['pipeline']),
    entity: String(row['entity_type']),
    status: String(row['status']) as MessageState,
    receivedAt: String(row['received_at']),
    updatedAt: String(row['updated_at']),
    retryCount: Number(row['retry_count']),
    generation: Number(row['generation']),
    error: row['error'] === null ? null : (JSON.parse(row['error'] as string) as MessageError),
  };
}
