import type { TombstonePlan } from '../plan/plan.ts';

/**
 * Deletes what is past its retention, in steps of a limited number of rows: each begins at `from`, 0 for the first, and
 * gives where the next begins. A step never waits for a worker; what others hold is left to a later walk. `keep` is
 * milliseconds.
 */
export interface Purge {
  /**
   * Whether this transaction may purge: of all processes one at a time, until it ends. Call it in a transaction.
   */
  tryLock(): Promise<boolean>;
  /** Dead letters that failed more than `keep` ago, the oldest first; one that is being replayed stays. */
  deadLetters(pipeline: string, keep: number): Promise<PurgeStep>;
  /** Statuses of settled and lost messages; one whose dead letter is open stays, because a replay asks it. */
  statuses(pipeline: string, keep: number, from: number): Promise<PurgeStep>;
  /** Idempotency-Keys whose message's status is gone. */
  keys(pipeline: string, keep: number, from: number): Promise<PurgeStep>;
  /** Tombstones of one table, whichever pipeline deleted. */
  tombstones(tombstones: TombstonePlan, keep: number, from: number): Promise<PurgeStep>;
}

export interface PurgeStep {
  readonly deleted: number;
  /** Where the next step begins, or undefined where there is nothing more. */
  readonly next: number | undefined;
}
