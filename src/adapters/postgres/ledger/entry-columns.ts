import { arrayLiteral, element } from '../../../sql/postgres/array-literal.ts';
import type { LedgerEntry } from '../../../ports/ledger-entries.ts';

/** The five parallel arrays of a ledger statement, each a Postgres array literal: half the cost of the driver's own encoding. */
export type EntryColumns = readonly [
  messageIds: string,
  pipelines: string,
  entities: string,
  generations: string,
  receivedMs: string,
];

/**
 * The entries as the parallel arrays that the ledger's statements unnest: message ids, pipelines, entities,
 * generations, times of arrival in milliseconds. Sorted by message id, each id once with its highest generation: a
 * statement must not meet a row twice, and writers that lock in one order never deadlock.
 */
export function columnsOf(entries: readonly LedgerEntry[]): EntryColumns {
  const sorted = inLockOrder(entries);
  const column = (text: (entry: LedgerEntry) => string): string => arrayLiteral(sorted.map(text));
  return [
    column((entry) => entry.messageId),
    column((entry) => element(entry.pipeline, false)),
    column((entry) => element(entry.entity, false)),
    column((entry) => String(entry.generation)),
    column((entry) => String(Math.trunc(entry.receivedAt))),
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
