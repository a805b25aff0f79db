import type { SqlSession } from '../../../sql/postgres/session.ts';
import { columnsOf, inLockOrder } from './entry-columns.ts';
import type { DeadEntry } from '../../../ports/ledger-entries.ts';
import { jsonText } from '../../../sql/postgres/ledger/json-text.ts';
import { RECORD_DEAD_LETTERS } from '../../../sql/postgres/ledger/record-dead-letters.ts';

export async function recordDeadLetters(
  sql: SqlSession,
  dead: readonly DeadEntry[],
): Promise<ReadonlySet<string>> {
  if (dead.length === 0) return new Set();
  const sorted = inLockOrder(dead);
  const { rows } = await sql.query({
    ...RECORD_DEAD_LETTERS,
    values: [
      ...columnsOf(dead),
      sorted.map((entry) => entry.error.code),
      sorted.map((entry) => jsonText(entry.error)),
      sorted.map((entry) => jsonText(entry.headers)),
      sorted.map((entry) => asBuffer(entry.body)),
    ],
  });
  return new Set(rows.map((row) => row['message_id'] as string));
}

/** Drivers encode a `Buffer` as bytea; a plain `Uint8Array` inside an array they would take for a list. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
