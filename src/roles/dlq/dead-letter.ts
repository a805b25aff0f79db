import type { MessageError } from '../ledger/entries.ts';

/** A dead letter without its body. */
export interface DeadLetter {
  /** Decimal digits; ascends in the order of failure. */
  readonly id: string;
  readonly messageId: string;
  readonly entity: string;
  readonly generation: number;
  /** ISO 8601, UTC, milliseconds; as all times here. */
  readonly receivedAt: string;
  readonly failedAt: string;
  /** Attempts that failed, the last one included. */
  readonly attempts: number;
  readonly error: MessageError;
  /** Bytes of the body. */
  readonly size: number;
  /** Null while it is open. */
  readonly replayedAt: string | null;
}

/** With all that a replay needs. */
export interface FullDeadLetter extends DeadLetter {
  /** The original bytes. */
  readonly body: Uint8Array;
  /** The request headers that the entity reads. */
  readonly headers: Readonly<Record<string, string>>;
}

type Column = Readonly<Record<string, unknown>>;

const time = (column: string): string =>
  `to_char(d.${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${column}`;

/** Select list for `dead_letters AS d`, as `deadLetterOf` reads it. */
export const DEAD_LETTER_COLUMNS = `d.id::text AS id, d.message_id, d.entity_type, d.generation, d.attempts,
  d.error::text AS error, octet_length(d.body) AS size, ${['received_at', 'failed_at', 'replayed_at'].map(time).join(',\n  ')}`;

export function deadLetterOf(row: Column): DeadLetter {
  return {
    id: String(row['id']),
    messageId: String(row['message_id']),
    entity: String(row['entity_type']),
    generation: Number(row['generation']),
    receivedAt: String(row['received_at']),
    failedAt: String(row['failed_at']),
    attempts: Number(row['attempts']),
    error: JSON.parse(String(row['error'])) as MessageError,
    size: Number(row['size']),
    replayedAt: row['replayed_at'] as string | null,
  };
}

/** With `d.body` and `d.headers::text AS headers` selected too. */
export function fullDeadLetterOf(row: Column): FullDeadLetter {
  return {
    ...deadLetterOf(row),
    body: row['body'] as Uint8Array,
    headers: JSON.parse(String(row['headers'])) as Record<string, string>,
  };
}
