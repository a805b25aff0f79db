import type { LedgerEntry, MessageError } from './ledger-entries.ts';

/**
 * Messages that are open in the ledger and that the queue no longer has. A horizon is a moment of the ledger, told by the
 * order of transactions and by no clock: what was written before it, was there when it was read.
 */
export interface LostMessages {
  /**
   * Whether this transaction may mark: of all processes one at a time, until it ends. Another one would only wait for the
   * same messages. Call it in a transaction.
   */
  tryLock(pipeline: string): Promise<boolean>;
  /** Where the ledger stands now: ask it before the queue is asked for its extents. */
  horizon(): Promise<Horizon>;
  /**
   * What is open of the messages received since a moment, in milliseconds since the epoch. Changes nothing. Rejects with
   * STORE_CONFLICT where there is more than one statement has time for.
   */
  openSince(pipeline: string, horizon: string, since: number): Promise<OpenSince>;
  /** Marks, of the messages received since a moment, those that are lost; a limited number. */
  markSince(search: LossSearch, since: number): Promise<LossStep>;
  /**
   * The same for one stretch of all messages, whenever they were received: the one at `from`, which is 0 for the first.
   */
  markStretch(search: LossSearch, from: number): Promise<LossStretch>;
  /**
   * How many lost messages nobody has dealt with. Each call looks through some of them, behind the message id `after`,
   * and forgets those that were; the next call is to continue at `next`, which is undefined where it is to begin anew.
   */
  count(pipeline: string, after: string | undefined): Promise<LostCount>;
  /** The messages that are lost now, by entity, the most first. Changes nothing. */
  byEntity(pipeline: string): Promise<readonly LostOfEntity[]>;
  /** Of these messages, the generation of those that are lost, by id. */
  read(messageIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Notes that messages which were accepted before are in the queue once more. */
  reopen(entries: readonly LedgerEntry[]): Promise<void>;
}

export interface Horizon {
  /** Decimal digits. Never smaller than before on the same server. */
  readonly number: string;
  /** Milliseconds since the epoch, by the clock of the store. */
  readonly at: number;
}

export interface OpenSince {
  /** Messages that are open although they were written before the horizon. */
  readonly lost: number;
  /** Of the other open messages, when the oldest was received: milliseconds since the epoch. */
  readonly oldest: number | undefined;
}

/** Which messages of which pipeline, and what each entity's lost messages are told. */
export interface LossSearch {
  readonly pipeline: string;
  readonly horizon: string;
  /** One for each entity; a message of another entity is not marked. */
  readonly errors: readonly MessageError[];
}

export interface LossStep {
  /** The messages that were marked. */
  readonly ids: readonly string[];
  /** Whether the same call may find others. */
  readonly more: boolean;
}

export interface LossStretch extends LossStep {
  /** Where the next stretch begins, or undefined where there is nothing more. */
  readonly next: number | undefined;
}

export interface LostOfEntity {
  readonly entity: string;
  readonly count: number;
  /** When the last of them was found: ISO 8601, UTC, milliseconds. */
  readonly lastAt: string;
}

export interface LostCount {
  readonly count: number;
  readonly next: string | undefined;
}
