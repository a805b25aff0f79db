import type { LedgerEntry } from './entries.ts';

/**
 * The entries as the parallel arrays that the ledger's statements unnest: message ids, pipelines, entities,
 * generations, times of arrival in milliseconds. Sorted by message id, each id once with its highest generation: a
 * statement must not meet a row twice, and writers that lock in one order never deadlock.
 */
export function columnsOf(
  entries: readonly LedgerEntry[],
): [string[], string[], string[], number[], string[]] {
  const sorted = inLockOrder(entries);
  return [
    sorted.map((entry) => entry.messageId),
    sorted.map((entry) => entry.pipeline),
    sorted.map((entry) => entry.entity),
    sorted.map((entry) => entry.generation),
    sorted.map((entry) => String(Math.trunc(entry.receivedAt))),
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
