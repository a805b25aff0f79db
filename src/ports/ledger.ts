import type { DeadLetters } from './dead-letters.ts';
import type { Keys } from './keys.ts';
import type { DeadEntry, FailedEntry, LedgerEntry, MessageError, MessageState } from './ledger-entries.ts';
import type { LostMessages } from './lost-messages.ts';
import type { Partitions } from './partitions.ts';
import type { Processes, ProgramRegistry } from './presence.ts';
import type { Purge } from './purge.ts';

/**
 * What became of each message, in nomnom's own tables. One conformance suite holds over every adapter:
 * test/conformance/store-ledger.ts.
 *
 * accepted → completed | superseded | dlq
 *          → retrying → the same three
 *          → lost → as accepted, should it come all the same
 * A settled message (completed, superseded, dlq) keeps its state; only a higher generation, a replay, opens it again.
 *
 * Every method rejects with a `Failure` with a `STORE_…` code. Lists may be empty, and may name a message twice: the
 * highest generation counts.
 */
export interface Ledger {
  /** Notes messages that the queue holds; safe to repeat and to do late, since it never overwrites. */
  recordAccepted(entries: readonly LedgerEntry[]): Promise<void>;
  /**
   * Marks the messages completed and gives the ids of those that have to be applied, in the same transaction. The
   * others were settled before, or are an older generation: acknowledge these without any effect. Of two transactions
   * with the same message the second waits for the first, and then finds it settled.
   */
  claim(entries: readonly LedgerEntry[]): Promise<ReadonlySet<string>>;
  /** For messages that this transaction has claimed and that lost against a newer version. */
  markSuperseded(messageIds: readonly string[]): Promise<void>;
  /**
   * Counts one more attempt against each message; gives the attempts that failed so far by message id. A message that
   * is missing in the answer was settled meanwhile.
   */
  markRetrying(failed: readonly FailedEntry[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Turns messages into dead letters and gives the ids of those that were still open: one that was settled before, by
   * whatever outcome, keeps it. The attempt that failed now counts in the dead letter's `attempts`.
   */
  recordDeadLetters(dead: readonly DeadEntry[]): Promise<ReadonlySet<string>>;
  /**
   * Notes that a message is about to be worked alone because it may be what ends the process. Gives how often that was
   * noted, this time included, or undefined where it was settled meanwhile. Spends no attempt.
   */
  markUnfinished(entry: LedgerEntry, error: MessageError): Promise<number | undefined>;
  /**
   * Notes that these are about to be worked together, though one may be what ends the process: then each is worked
   * alone. Counts nothing, and leaves a message alone that has an error already.
   */
  markTogether(suspects: readonly Suspect[]): Promise<void>;
  /** Takes notes of `UNFINISHED` back, where the messages did not end the process, though nothing came of them. */
  clearUnfinished(messageIds: readonly string[]): Promise<void>;
  /**
   * Notes why messages wait that failed, though by nobody's fault so far as one can tell. Counts nothing; a settled message
   * keeps its state.
   */
  noteWaiting(waiting: readonly FailedEntry[]): Promise<void>;
  /** Of these messages, those that no worker has settled yet, by id; changes nothing. */
  readOpen(entries: readonly LedgerEntry[]): Promise<ReadonlyMap<string, OpenMessage>>;
  /** What is known of a message, or undefined; `messageId` must be a UUID, else STORE_REFUSED. */
  readStatus(messageId: string): Promise<MessageStatus | undefined>;
  /**
   * Binds each key that is not bound yet; gives what each is bound to, by id. The first body stays; a repeat only
   * renews the time from which the purge counts. Each id once.
   */
  bindKeys(pipeline: string, bindings: readonly KeyBinding[]): Promise<ReadonlyMap<string, BoundKey>>;

  /** The migrations that this database still lacks, in order; changes nothing. */
  pendingMigrations(): Promise<readonly PendingMigration[]>;
  /**
   * Brings the ledger's tables up to date; gives what it did, a line each. Safe to repeat, and of two at once the second
   * finds it done. Call it in a transaction.
   */
  migrate(): Promise<readonly string[]>;

  readonly deadLetters: DeadLetters;
  readonly keys: Keys;
  readonly lost: LostMessages;
  readonly partitions: Partitions;
  readonly processes: Processes;
  readonly programs: ProgramRegistry;
  readonly purge: Purge;
}

/** A message that may be what ends the process. */
export interface Suspect {
  readonly entry: LedgerEntry;
  readonly error: MessageError;
}

/** What the ledger knows of a message that is not settled. */
export interface OpenMessage {
  /** Attempts that failed by the message's own fault. */
  readonly retryCount: number;
  /** The code of the last one's error. */
  readonly errorCode: string | null;
}

export interface MessageStatus {
  readonly messageId: string;
  readonly pipeline: string;
  readonly entity: string;
  readonly status: MessageState;
  /** ISO 8601, UTC, milliseconds. */
  readonly receivedAt: string;
  readonly updatedAt: string;
  /** Attempts that failed by the message's own fault. */
  readonly retryCount: number;
  readonly generation: number;
  readonly error: MessageError | null;
}

/** What an Idempotency-Key was first used for. */
export interface KeyBinding {
  /** The id that the key stands for, a UUID: a message's, or that of a whole batch. */
  readonly id: string;
  /** SHA-256 of what came with the key, as hexadecimal digits. */
  readonly hash: string;
}

/** What a key is bound to. */
export interface BoundKey {
  readonly hash: string;
  /** It was bound before. */
  readonly repeated: boolean;
}

/** A step of nomnom's own tables that a database has not made yet. */
export interface PendingMigration {
  readonly number: number;
  readonly name: string;
  /** What it would run, for a person to read. */
  readonly statements: readonly string[];
}
