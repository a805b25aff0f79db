import { Buffer, isAscii, isUtf8 } from 'node:buffer';
import type { Rejection, RejectionCode } from '../types/value.ts';
import type { EntityPlan, Evaluation, MessageInput, MessageLimits, TableWrites } from './plan.ts';

/** A message as it was received. */
export interface ReceivedMessage extends Omit<MessageInput, 'body'> {
  /** Its bytes, or its text where it is known to be UTF-8. */
  readonly body: Uint8Array | string;
}

/**
 * Says what one message becomes: its rows, or why it is refused. Everyone who asks that asks here (ingest, worker,
 * `eval`, tests, dead letters), so that all give the same answer: first its size, then strict UTF-8, then what the entity says of the
 * text, then the number of its rows. Pure; never throws for anything a message holds.
 */
export function evaluateMessage(
  { maxBytes, maxRows }: MessageLimits,
  entity: EntityPlan,
  message: ReceivedMessage,
): Evaluation {
  const { body: received, headers, messageId, receivedAt } = message;
  const bytes = bytesOf(received, maxBytes);
  if (bytes > maxBytes)
    return rejected(entity, 'too_large', `expected at most ${maxBytes} bytes (body_limit), found ${bytes}`);
  const body = typeof received === 'string' ? received : utf8Text(received);
  if (body === undefined) return rejected(entity, 'invalid_utf8', 'expected UTF-8, found other bytes');
  const evaluation = entity.evaluate({ body, headers, messageId, receivedAt });
  if (evaluation.kind === 'rejected') return evaluation;
  const rows = rowCount(evaluation.writes);
  if (rows <= maxRows) return evaluation;
  // It would hold up every other message of its batch.
  return rejected(
    entity,
    'too_many_rows',
    `expected at most ${maxRows} rows from one message (max_rows_per_message), found ${rows}`,
  );
}

/** How many bytes a body has; of a text that cannot have more than `enough`, perhaps fewer. */
function bytesOf(body: Uint8Array | string, enough: number): number {
  if (typeof body !== 'string' || body.length * BYTES_PER_UNIT <= enough) return body.length;
  return Buffer.byteLength(body);
}

/** A unit of UTF-16 takes no more in UTF-8. */
const BYTES_PER_UNIT = 3;

/** The text of these bytes with a byte order mark where they have one; undefined where they are not UTF-8. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (isAscii(buffer)) return buffer.toString('latin1');
  return isUtf8(buffer) ? buffer.toString('utf8') : undefined;
}

function rowCount(writes: readonly TableWrites[]): number {
  let rows = 0;
  for (const write of writes) rows += write.rows.length + (write.deletes?.length ?? 0);
  return rows;
}

function rejected({ name }: EntityPlan, code: RejectionCode, message: string): Evaluation {
  const rejection: Rejection = { code, entity: name, field: '', pointer: '', message };
  return { kind: 'rejected', rejection };
}
