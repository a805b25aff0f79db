import type { RejectionCode } from '../../types/value.ts';

/** A refused element of a batch; `index` counts the elements of the batch from 0, empty lines not included. */
export interface RejectedElement {
  readonly index: number;
  readonly code: RejectionCode | 'invalid_utf8';
  readonly field?: string;
  readonly pointer: string;
  readonly message: string;
}

/** The indexes from `from` to `to`, both included. */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/** What became of a batch: every index is accepted, rejected, not stored, or unknown. */
export interface BatchReport {
  readonly accepted: number;
  readonly rejected: readonly RejectedElement[];
  /** Of the accepted elements, in their order. */
  readonly message_ids: readonly string[];
}

/** Joins ascending indexes to ranges. */
export function ranges(indexes: readonly number[]): IndexRange[] {
  const found: { from: number; to: number }[] = [];
  for (const index of indexes) {
    const last = found.at(-1);
    if (last !== undefined && last.to === index - 1) last.to = index;
    else found.push({ from: index, to: index });
  }
  return found;
}
