import type { RejectionCode } from '../../types/value.ts';

/** A refused element of a batch; `index` counts the elements of the batch from 0, empty lines not included. */
export interface RejectedElement {
  readonly index: number;
  readonly code: RejectionCode;
  readonly field?: string;
  readonly pointer: string;
  readonly message: string;
  /** Of the dead letter that it became, where the entity keeps what it refuses. */
  readonly message_id?: string;
}

/** The indexes from `from` to `to`, both included. */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

export interface StoredElement {
  readonly index: number;
  readonly messageId: string;
}

/** What an answer lists at most; it counts all. A batch of a thousand elements is always told in full. */
export const LISTED = { rejected: 1_000, messageIds: 10_000, ranges: 1_000, unknown: 1_000 };

/** What became of a batch: every index is accepted, rejected, not stored, or unknown. */
export interface BatchReport {
  readonly accepted: number;
  readonly rejected_count: number;
  /** The first ones. */
  readonly rejected: readonly RejectedElement[];
  readonly rejected_truncated: boolean;
  /** Rejected elements that are kept as dead letters; only where the entity keeps what it refuses. */
  readonly kept_count?: number;
  /** Of the accepted elements, in their order; the first ones. */
  readonly message_ids: readonly string[];
  readonly message_ids_truncated: boolean;
}

/** What a batch that the queue broke off says besides. */
export interface PartialReport extends BatchReport {
  readonly not_stored_count: number;
  readonly unknown_count: number;
  readonly stored: readonly IndexRange[];
  readonly not_stored: readonly IndexRange[];
  readonly unknown: readonly { readonly index: number; readonly message_id: string }[];
  /** Only where a list is cut: of the elements from this index on not all are in the lists. */
  readonly listed_below?: number;
}

/** Counts what becomes of the elements of a batch, and keeps what its answer lists. Elements come in their order. */
export interface Tally {
  reject(index: number, code: string, rejected: () => Omit<RejectedElement, 'index'>): void;
  /** So many of the rejected elements are kept. */
  keep(count: number): void;
  store(elements: readonly StoredElement[]): void;
  notStored(indexes: readonly number[]): void;
  unknown(elements: readonly StoredElement[]): void;
  /** How many were rejected, by code. */
  refusals(): ReadonlyMap<string, number>;
  report(): BatchReport;
  partial(): PartialReport;
}

export function startTally(): Tally {
  const stored = rangeList(LISTED.ranges);
  const notStored = rangeList(LISTED.ranges);
  const rejected: RejectedElement[] = [];
  const messageIds: string[] = [];
  const unknown: PartialReport['unknown'][number][] = [];
  const refusals = new Map<string, number>();
  let rejectedCount = 0;
  let keptCount: number | undefined;
  let unknownCount = 0;
  let listedBelow = Infinity;

  const report = (): BatchReport => ({
    accepted: stored.count(),
    rejected_count: rejectedCount,
    rejected,
    rejected_truncated: rejectedCount > rejected.length,
    ...(keptCount === undefined ? {} : { kept_count: keptCount }),
    message_ids: messageIds,
    message_ids_truncated: stored.count() > messageIds.length,
  });

  return {
    reject(index, code, describe) {
      rejectedCount += 1;
      refusals.set(code, (refusals.get(code) ?? 0) + 1);
      if (rejected.length < LISTED.rejected) rejected.push({ index, ...describe() });
      else listedBelow = Math.min(listedBelow, index);
    },
    keep(count) {
      keptCount = (keptCount ?? 0) + count;
    },
    store(elements) {
      for (const { index, messageId } of elements) {
        if (!stored.add(index)) listedBelow = Math.min(listedBelow, index);
        if (messageIds.length < LISTED.messageIds) messageIds.push(messageId);
      }
    },
    notStored(indexes) {
      for (const index of indexes) if (!notStored.add(index)) listedBelow = Math.min(listedBelow, index);
    },
    unknown(elements) {
      for (const { index, messageId } of elements) {
        unknownCount += 1;
        if (unknown.length < LISTED.unknown) unknown.push({ index, message_id: messageId });
        else listedBelow = Math.min(listedBelow, index);
      }
    },
    refusals: () => refusals,
    report,
    partial: () => ({
      ...report(),
      not_stored_count: notStored.count(),
      unknown_count: unknownCount,
      stored: stored.ranges,
      not_stored: notStored.ranges,
      unknown,
      ...(listedBelow === Infinity ? {} : { listed_below: listedBelow }),
    }),
  };
}

/** Joins ascending indexes to ranges, of which it keeps the first ones. */
function rangeList(most: number) {
  const ranges: { from: number; to: number }[] = [];
  let count = 0;
  let full = false;
  return {
    ranges: ranges as readonly IndexRange[],
    count: () => count,
    /** Whether it is in the list. */
    add(index: number): boolean {
      count += 1;
      const last = ranges.at(-1);
      if (full) return false;
      if (last !== undefined && last.to === index - 1) last.to = index;
      else if (ranges.length < most) ranges.push({ from: index, to: index });
      else full = true;
      return !full;
    },
  };
}
