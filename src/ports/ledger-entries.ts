/**
 * What became of a message; `accepted` until a worker has decided. `lost`: the queue no longer has it, although nobody
 * settled it. Should it come all the same, it is worked as if it were `accepted`.
 */
export type MessageState = 'accepted' | 'completed' | 'superseded' | 'retrying' | 'dlq' | 'lost';

/** One message as the ledger knows it when it arrives. */
export interface LedgerEntry {
  /** A UUID. */
  readonly messageId: string;
  readonly pipeline: string;
  readonly entity: string;
  /** Counts replays; a higher one opens a settled message again. */
  readonly generation: number;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** Why a message failed. Never a value of the message. */
export interface MessageError {
  readonly code: string;
  /** One sentence for a person. */
  readonly message: string;
  readonly entity: string;
  /** `Order.total_price`; empty for the whole message. */
  readonly field: string;
  /** RFC 6901 pointer into the body; empty for the whole body. */
  readonly pointer: string;
  /** The constraint that Postgres named. */
  readonly constraint?: string;
  /** Where in the `.nom` file the rule stands. */
  readonly source?: string;
  /** All that is wrong with the message, this first fault too, where it is more. */
  readonly faults?: readonly {
    readonly code: string;
    readonly message: string;
    readonly field: string;
    readonly pointer: string;
    readonly source?: string;
  }[];
}

/** A message that failed, with why. */
export interface FailedEntry extends LedgerEntry {
  readonly error: MessageError;
}

/** A failed message with all that a replay needs. */
export interface DeadEntry extends FailedEntry {
  /** The original bytes. */
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** The error code of a message that was delivered again and again without any outcome. */
export const UNFINISHED = 'unfinished';
