import type { RejectionCode } from '../types/value.ts';

/**
 * The one table of failed operations: what went wrong outside a program and outside a message.
 * `retryable` says whether the same operation may succeed later without anybody changing anything; `when` and `help` are
 * for docs/reference/failures.md: what leads to it, and what a person does.
 */
export const FAILURES = {
  QUEUE_UNAVAILABLE: {
    message: 'the queue cannot be reached',
    retryable: true,
    when: 'NATS, or the Postgres that holds the queue, refuses connections, does not answer in time or has no leader.',
    help: 'Bring the server back. Ingest answers 503 and workers wait meanwhile; both go on by themselves.',
  },
  QUEUE_FULL: {
    message: 'the queue is full',
    retryable: true,
    when: 'The stream holds `max_bytes`, or the disk or account of the NATS server has no room.',
    help: 'Start more workers, find out why they are slow (`/readyz`, the log), or raise the limit and run `nomnom apply`.',
  },
  QUEUE_MISCONFIGURED: {
    message: 'the queue is not what the plan needs',
    retryable: false,
    when: 'A stream or consumer is missing or has other settings than the file says, the credentials are refused, or a right is missing.',
    help: 'Run `nomnom apply FILE`, correct `NATS_URL`, or grant the right that the message names. Roles that run go on by themselves once it agrees.',
  },
  STORE_UNAVAILABLE: {
    message: 'Postgres cannot be reached',
    retryable: true,
    when: 'Postgres refuses connections, does not answer in time, shuts down, has no connection left or is read-only.',
    help: 'Bring the server back, or correct `DATABASE_URL`. Workers wait without spending attempts.',
  },
  STORE_FULL: {
    message: 'Postgres has no disk space, memory or other resource left',
    retryable: true,
    when: 'The disk is full, memory or the table of locks is used up, or a limit of the server is reached (SQLSTATE class 53, but for connections).',
    help: 'Make room on the disk of Postgres, or raise the limit that the message names. Workers go on by themselves, and no message spends an attempt.',
  },
  STORE_FAILING: {
    message: 'Postgres cannot use its files',
    retryable: true,
    when: 'The system under Postgres fails: a read or a write of a file, or a file that is missing (SQLSTATE class 58).',
    help: 'Look at the log of Postgres and at its disk. Workers go on by themselves once it works, and no message spends an attempt.',
  },
  STORE_CONFLICT: {
    message: 'Postgres aborted the transaction because of another one',
    retryable: true,
    when: 'A deadlock, a serialization failure, a lock or statement timeout, or a statement prepared for an older table.',
    help: 'Nothing: the transaction is repeated. If the log names it often, look for long transactions on the same tables.',
  },
  STORE_LOCKED: {
    message: 'Postgres gave a lock to somebody else',
    retryable: true,
    when: 'A statement of a role has waited for a lock for 3 s.',
    help: 'Let the transaction that the message names end, or end it with `pg_terminate_backend`. The role goes on by itself.',
  },
  STORE_MISCONFIGURED: {
    message: 'Postgres is not what the plan needs',
    retryable: false,
    when: 'A table, column, unique constraint or right is missing, a type differs, or the login or database is wrong.',
    help: 'Run `nomnom apply FILE`, grant the right, or correct `DATABASE_URL`. Workers pause until then and lose nothing.',
  },
  STORE_REFUSED: {
    message: 'Postgres refused a value',
    retryable: false,
    when: 'A constraint, a trigger or a type of the live table takes none of these values (SQLSTATE classes 22 and 23).',
    help: 'The message becomes a dead letter. Read it with `nomnom dlq show`, then fix the data, the file or the table and replay it.',
  },
  STORE_MISSING_PARENT: {
    message: 'the row that a foreign key refers to does not exist',
    retryable: true,
    when: 'A message came before the one that writes its parent row.',
    help: 'Nothing at first: the message is retried `attempts` times, with growing pauses. After that send the parent and replay the dead letter.',
  },
  STORE_UNEXPECTED: {
    message: 'Postgres answered with an unexpected error',
    retryable: true,
    when: 'An SQLSTATE that is in none of the classes above: an internal error, a damaged file, a function that raises its own.',
    help: 'Look at the log of Postgres at that moment. It counts against a message only where others are written meanwhile.',
  },
  PARTITION_LOST: {
    message: 'another worker has taken the partition',
    retryable: true,
    when: 'A worker with `ordered by` did not renew its claim in time: it stood still, or could not reach Postgres.',
    help: 'Nothing: the other worker goes on in order, and what was not committed was rolled back.',
  },
  SETTINGS_CONTRADICT: {
    message: 'settings contradict each other',
    retryable: false,
    when: 'A value of the file does not fit the server, such as `concurrency` and the connections that Postgres has.',
    help: 'Change one of the settings that the message names. The role does not start before.',
  },
  SECRET_UNUSABLE: {
    message: 'a secret has no usable value',
    retryable: false,
    when: 'An entity is `signed by` a secret whose value is missing, is given twice, or is none of its scheme.',
    help: 'Set the environment variable that has the name of the secret, or name a file with the value in `NAME_FILE`. The role does not start before.',
  },
  STILL_RUNNING: {
    message: 'another program still runs',
    retryable: false,
    when: '`nomnom apply` would change a table or stream in a way that the running processes of another version fail by.',
    help: 'Stop the processes that the message names, then apply again. docs/upgrade.md has the order of the steps.',
  },
  POISON: {
    message: 'a message failed permanently, and the role halts because of `on_poison: halt`',
    retryable: false,
    when: 'A message can never be applied, and the role says `on_poison: halt`.',
    help: 'Fix the cause, or take `on_poison: halt` out of the file to have the message as a dead letter; then start the role.',
  },
  FOLDER_LOCKED: {
    message: 'another process uses this folder',
    retryable: false,
    when: '`nomnom dev` found its embedded database in use.',
    help: 'Stop the other process, or give `--data` another folder.',
  },
  PORT_IN_USE: {
    message: 'the port is taken',
    retryable: false,
    when: 'Another process listens on the port of the role or of the embedded Postgres.',
    help: 'Stop the other process, or choose another port with `--port`, `PORT` or the setting `port` of the role; 0 is a free one.',
  },
  NO_KEYS: {
    message: 'other machines could send without a key',
    retryable: false,
    when: 'A role that accepts messages was asked to listen on an address that other machines reach, and its pipeline has no key.',
    help: 'Create a key with `nomnom keys create`, or start with `--allow-anonymous`, or with `--host 127.0.0.1`.',
  },
  CANNOT_LISTEN: {
    message: 'cannot listen on the address',
    retryable: false,
    when: 'The name of `--host` is unknown, the address is of another machine, or the port needs more rights.',
    help: 'Name an address of this machine with `--host`, for example 127.0.0.1 or 0.0.0.0, and a port from 1024.',
  },
  CANNOT_USE_CERTIFICATE: {
    message: 'the certificate of the HTTP server cannot be used',
    retryable: false,
    when: 'A file of `--tls-cert`, `--tls-key` or `--tls-client-ca` cannot be read, is not PEM, or the key is of another certificate.',
    help: 'Name PEM files that this user may read: the certificate with those that lead to its authority, and its own key.',
  },
} as const satisfies Record<string, FailureEntry>;

interface FailureEntry {
  readonly message: string;
  readonly retryable: boolean;
  readonly when: string;
  readonly help: string;
}

export type FailureCode = keyof typeof FAILURES;

/** What is known of a failed statement; never the values, never Postgres's `detail` as a text that could be logged. */
export interface SqlFacts {
  readonly sqlstate: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  /** Why the row was refused, where one was. */
  readonly refusal?: RejectionCode;
  /** Whether the detail lists this text as a value of the row, or of the key, that was refused. */
  readonly names?: (value: string) => boolean;
}

/** A failed operation, with the driver's error as `cause`. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly sql: SqlFacts | undefined;
  /** What the message begins with: that of the code, where nothing fits better. */
  readonly headline: string;
  /** What a person does, where more is known than the code says. */
  readonly help: string;
  /** Whether the server does not let this user ask, or do, what it was asked. */
  readonly forbidden: boolean;

  constructor(
    code: FailureCode,
    what: string,
    options: {
      cause?: unknown;
      sql?: SqlFacts;
      headline?: string | undefined;
      help?: string;
      forbidden?: boolean;
    } = {},
  ) {
    const headline = options.headline ?? FAILURES[code].message;
    super(what === '' ? headline : `${headline}: ${what}`, { cause: options.cause });
    this.headline = headline;
    this.name = 'Failure';
    this.code = code;
    this.sql = options.sql;
    this.help = options.help ?? FAILURES[code].help;
    this.forbidden = options.forbidden ?? false;
  }

  get retryable(): boolean {
    return FAILURES[this.code].retryable;
  }
}
