import type { LedgerEntry } from '../../../ports/ledger-entries.ts';
import { arrayWriter } from '../../../sql/postgres/binary/arrays.ts';
import { type ElementFormat, elementFormats } from '../../../sql/postgres/binary/element.ts';
import type { Value } from '../../../types/value.ts';

/** The five parallel arrays of a ledger statement, in the binary format of arrays. */
export type EntryColumns = readonly [
  messageIds: Uint8Array,
  pipelines: Uint8Array,
  entities: Uint8Array,
  generations: Uint8Array,
  receivedMs: Uint8Array,
];

const { uuid, text, integer, bigint } = elementFormats;

/** Bytes of one entry in all five arrays, for names of usual length. */
const ENTRY_SIZE = 80;

/**
 * The entries as the parallel arrays that the ledger's statements unnest: message ids, pipelines, entities,
 * generations, times of arrival in milliseconds. Sorted by message id, each id once with its highest generation: a
 * statement must not meet a row twice, and writers that lock in one order never deadlock.
 */
export function columnsOf(entries: readonly LedgerEntry[]): EntryColumns {
  const sorted = inLockOrder(entries);
  const writer = arrayWriter(sorted.length * ENTRY_SIZE);
  const column = (format: ElementFormat, value: (entry: LedgerEntry) => Value): Uint8Array =>
    writer.array(format, sorted, value);
  return [
    column(uuid, (entry) => entry.messageId),
    column(text, (entry) => entry.pipeline),
    column(text, (entry) => entry.entity),
    column(integer, (entry) => entry.generation),
    column(bigint, (entry) => BigInt(Math.trunc(entry.receivedAt))),
  ];
}

/** Sorted by message id; of several entries with one id, the first with the highest generation stays. */
export function inLockOrder<T extends LedgerEntry>(entries: readonly T[]): readonly T[] {
  const sorted = [...entries].sort(byIdAndGeneration);
  return sorted.filter((entry, at) => entry.messageId !== sorted[at - 1]?.messageId);
}

function byIdAndGeneration(left: LedgerEntry, right: LedgerEntry): number {
  if (left.messageId !== right.messageId) return left.messageId < right.messageId ? -1 : 1;
  return right.generation - left.generation;
}
