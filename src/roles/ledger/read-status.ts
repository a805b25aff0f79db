import type { Session } from '../../ports/store.ts';
import type { MessageError, MessageState } from './entries.ts';

export interface MessageStatus {
  readonly messageId: string;
  readonly pipeline: string;
  readonly entity: string;
  readonly status: MessageState;
  /** ISO 8601, UTC, milliseconds. */
  readonly receivedAt: string;
  readonly updatedAt: string;
  /** Attempts that failed by the message's own fault. */
  readonly retryCount: number;
  readonly generation: number;
  readonly error: MessageError | null;
}

/** Unnamed, so that it is planned for the table as it is: a plan from when the table was empty would scan it. */
const READ_STATUS = {
  text: `
SELECT pipeline, entity_type, status, retry_count, generation, error::text AS error,
  to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS received_at,
  to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS updated_at
FROM message_status
WHERE message_id = $1::uuid`,
};

/** The ledger's row of a message, or undefined; `messageId` must be a UUID, else the store refuses it. */
export async function readStatus(session: Session, messageId: string): Promise<MessageStatus | undefined> {
  const { rows } = await session.query({ ...READ_STATUS, values: [messageId] });
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
