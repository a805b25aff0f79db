import type { MessageError } from './ledger-entries.ts';

/**
 * Messages that failed for good, with all that a replay needs.
 *
 * open → leased to a replay, for a minute → replayed
 *      → dropped                          → open again, where nothing was published
 */
export interface DeadLetters {
  count(selection: Selection): Promise<number>;
  /** How many are open, by entity and code of their error; the most first. */
  countByCode(pipeline: string): Promise<readonly DeadLetterCount[]>;
  /** The `limit` that failed last, the newest first. */
  newest(selection: Selection, limit: number): Promise<readonly DeadLetter[]>;
  /**
   * The first `limit` behind the letter `after`, in the order of failure; from the beginning where it is undefined. Letters
   * that come or go meanwhile neither repeat nor hide others.
   */
  page(selection: Selection, after: string | undefined, limit: number): Promise<readonly DeadLetter[]>;
  /** With their bodies, in the order of failure; one that is gone meanwhile is left out. */
  readFull(ids: readonly string[]): Promise<readonly FullDeadLetter[]>;
  /**
   * Deletes dead letters for good, those that were replayed only `withReplayed`; the statuses of their messages stay.
   * Says what became of each.
   */
  drop(ids: readonly string[], withReplayed: boolean): Promise<Dropped>;
  /**
   * Those that this replay now has for itself, in the order of failure. Of several who ask at once one gets a letter. A
   * message that has another outcome by now is left out. `token` is a UUID of the replay.
   */
  leaseForReplay(ids: readonly string[], token: string): Promise<readonly FullDeadLetter[]>;
  /** Opens those again that the replay has leased. */
  releaseReplay(ids: readonly string[], token: string): Promise<void>;
  /** Notes that they are in the queue, under the next generation; their messages are `accepted` again. */
  finishReplay(ids: readonly string[], token: string): Promise<void>;
  /**
   * Why letters could not be leased: `taken` by another replay, or `settled`. One that is missing in the answer is gone.
   * Closes those whose message was replayed by somebody who ended before it could note so.
   */
  standing(ids: readonly string[]): Promise<ReadonlyMap<string, 'taken' | 'settled'>>;
}

/** Which dead letters of a pipeline; what is left out does not narrow. */
export interface Selection {
  readonly pipeline: string;
  readonly messageIds?: readonly string[];
  readonly entities?: readonly string[];
  readonly codes?: readonly string[];
  /** Milliseconds since the epoch: failed at this moment or later. */
  readonly since?: number;
  /** Failed before this moment. */
  readonly until?: number;
  /** Also those that were replayed. */
  readonly replayed?: boolean;
}

/** Open dead letters that have the same entity and code. */
export interface DeadLetterCount {
  readonly entity: string;
  readonly code: string;
  readonly count: number;
  /** When the last of them failed: ISO 8601, UTC, milliseconds. */
  readonly lastAt: string;
}

/** A dead letter without its body. */
export interface DeadLetter {
  /** Decimal digits; ascends in the order of failure. */
  readonly id: string;
  readonly messageId: string;
  readonly entity: string;
  readonly generation: number;
  /** ISO 8601, UTC, milliseconds; as all times here. */
  readonly receivedAt: string;
  readonly failedAt: string;
  /** Attempts that failed, the last one included. */
  readonly attempts: number;
  readonly error: MessageError;
  /** Bytes of the body. */
  readonly size: number;
  /** Null while it is open. */
  readonly replayedAt: string | null;
}

/** With all that a replay needs. */
export interface FullDeadLetter extends DeadLetter {
  /** The original bytes. */
  readonly body: Uint8Array;
  /** The request headers that the entity reads. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What became of dead letters that were to be deleted; each of them counts once. */
export interface Dropped {
  readonly dropped: number;
  /** Replayed since they were selected: their messages are in the queue again, or applied. */
  readonly replayed: number;
  /** Another process replays them at this moment; they stay. */
  readonly replaying: number;
  /** Somebody else deleted them. */
  readonly gone: number;
}
