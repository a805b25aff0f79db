/**
 * Who works each partition of `ordered by`. A holder that stops without a word loses its partition when its lease has
 * passed; the epoch counts the holders, so that one who lost it and does not know can prove nothing more.
 */
export interface Partitions {
  /** Makes the partitions of a group where they are missing. Safe to repeat. */
  add(group: string, count: number): Promise<void>;
  /** Forgets the partitions past the first `count`. */
  drop(group: string, count: number): Promise<void>;
  /** How many partitions each group has had so far; groups that have none are left out. */
  count(groups: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Shows that the worker is there, renews what it has, and takes free partitions up to its fair share, which is the
   * same for all workers of the group, rounded up. Of two who take at once each gets others. Call it in a transaction.
   */
  share(sharing: Sharing, held: readonly number[]): Promise<Share>;
  /** Whether no other worker has taken the partition. */
  isHeld(sharing: Sharing, held: HeldPartition): Promise<boolean>;
  /** A batch of the partition was done: those who lost it before are forgiven. */
  noteProgress(sharing: Sharing, held: HeldPartition): Promise<void>;
  /** Free for the next one. */
  giveBack(sharing: Sharing, held: HeldPartition): Promise<void>;
  /** The worker stops: it counts no longer when the partitions are shared out. */
  leave(sharing: Sharing): Promise<void>;
}

/** A partition that a worker has. */
export interface HeldPartition {
  readonly partition: number;
  readonly epoch: string;
  /** How many holders ended without a word since a batch was last done. */
  readonly takeovers: number;
}

/** One worker's share of the partitions of one group. */
export interface Sharing {
  readonly group: string;
  /** Partitions in the group. */
  readonly count: number;
  /** A UUID of this process. */
  readonly worker: string;
  /** Milliseconds for which a partition is taken. */
  readonly lease: number;
}

export interface Share {
  /** Of those that the worker had, the ones that it still has. */
  readonly kept: ReadonlySet<number>;
  readonly taken: readonly HeldPartition[];
  /** How many a worker should have at most. */
  readonly fair: number;
}
