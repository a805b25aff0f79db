import { totalmem } from 'node:os';

/** Singles are one message each; batches are large, and may never take what is kept for the singles. */
export type Share = 'single' | 'batch';

/**
 * The memory that the bodies of all requests of a process may take together. A body takes what has really arrived of it,
 * so that a client that announces much and sends little holds little.
 */
export interface BodyBudget {
  /** Whether a body of so many bytes would find room now. */
  fits(share: Share, bytes: number): boolean;
  /** Takes room, or gives false where there is none. */
  take(share: Share, bytes: number): boolean;
  /** Takes room that is needed in any case; what comes after it waits until it is given back. */
  takeAlways(share: Share, bytes: number): void;
  give(share: Share, bytes: number): void;
}

/** Of the budget, what batches may not take. */
const FOR_SINGLES = 1 / 4;

/** Of the container's or machine's memory, and at most so many bytes: more would only wait for the same processor. */
const PART_OF_MEMORY = 1 / 8;
const MOST = 256 * 1024 * 1024;

/** Bytes for the bodies of a process; at least one batch of the size that the role allows fits in. */
export function budgetBytes(batchLimit: number): number {
  const available = Math.min(process.constrainedMemory() || Infinity, totalmem());
  return Math.max(Math.min(available * PART_OF_MEMORY, MOST), batchLimit / (1 - FOR_SINGLES));
}

export function bodyBudget(bytes: number): BodyBudget {
  const forSingles = bytes * FOR_SINGLES;
  const held = { single: 0, batch: 0 };

  const fits = (share: Share, more: number) =>
    share === 'batch'
      ? held.batch + more <= bytes - forSingles && held.single + held.batch + more <= bytes
      : held.single + more <= Math.max(forSingles, bytes - held.batch);

  return {
    fits,
    take(share, more) {
      if (!fits(share, more)) return false;
      held[share] += more;
      return true;
    },
    takeAlways(share, more) {
      held[share] += more;
    },
    give(share, less) {
      held[share] -= less;
    },
  };
}
