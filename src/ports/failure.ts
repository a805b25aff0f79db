/**
 * The one table of failed operations: what went wrong outside a program and outside a message.
 * `retryable` says whether the same operation may succeed later without anybody changing anything.
 */
export const FAILURES = {
  QUEUE_UNAVAILABLE: { message: 'the queue cannot be reached', retryable: true },
  QUEUE_FULL: { message: 'the queue is full', retryable: true },
  QUEUE_MISCONFIGURED: { message: 'the queue differs from the plan', retryable: false },
  STORE_UNAVAILABLE: { message: 'Postgres cannot be reached', retryable: true },
  STORE_CONFLICT: { message: 'Postgres aborted the transaction because of another one', retryable: true },
  STORE_MISCONFIGURED: { message: 'Postgres differs from the plan', retryable: false },
  STORE_REFUSED: { message: 'Postgres refused a value', retryable: false },
  STORE_MISSING_PARENT: { message: 'the row that a foreign key refers to does not exist', retryable: true },
  STORE_UNEXPECTED: { message: 'Postgres answered with an unexpected error', retryable: true },
  PARTITION_LOST: { message: 'another worker has taken the partition', retryable: true },
  SETTINGS_CONTRADICT: { message: 'settings contradict each other', retryable: false },
  STILL_RUNNING: { message: 'another program still runs', retryable: false },
  POISON: {
    message: 'a message failed permanently, and the role halts because of `on_poison: halt`',
    retryable: false,
  },
  FOLDER_LOCKED: { message: 'another process uses this folder', retryable: false },
  PORT_IN_USE: { message: 'the port is taken', retryable: false },
} as const satisfies Record<string, { message: string; retryable: boolean }>;

export type FailureCode = keyof typeof FAILURES;

/** What is known of a failed statement; never the values, never Postgres's `detail` as a text that could be logged. */
export interface SqlFacts {
  readonly sqlstate: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  /** Whether the detail lists this text as a value of the row, or of the key, that was refused. */
  readonly names?: (value: string) => boolean;
}

/** A failed operation, with the driver's error as `cause`. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly sql: SqlFacts | undefined;

  constructor(code: FailureCode, what: string, options: { cause?: unknown; sql?: SqlFacts } = {}) {
    super(what === '' ? FAILURES[code].message : `${FAILURES[code].message}: ${what}`, {
      cause: options.cause,
    });
    this.name = 'Failure';
    this.code = code;
    this.sql = options.sql;
  }

  get retryable(): boolean {
    return FAILURES[this.code].retryable;
  }
}
