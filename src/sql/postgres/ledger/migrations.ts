import { JOIN_TOMBSTONES_OF_PUBLIC, RENAME_TABLES_OF_PUBLIC } from './tombstones-of-public.ts';

/** One step of the ledger's tables. Append only: a step that was released never changes. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly statements: readonly string[];
}

/**
 * `message_status` is nomnom's inbox and the answer to `GET /status/ID`. No index but the primary key, and free room on
 * each page, so that every change of a status stays a heap-only update.
 */
const CREATE_MESSAGE_STATUS = `
CREATE TABLE message_status (
  message_id uuid PRIMARY KEY,
  pipeline text NOT NULL,
  entity_type text NOT NULL,
  status text NOT NULL
    CONSTRAINT message_status_known CHECK (status IN ('accepted', 'completed', 'superseded', 'retrying', 'dlq')),
  received_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  retry_count integer NOT NULL DEFAULT 0,
  generation integer NOT NULL DEFAULT 0,
  error jsonb
) WITH (fillfactor = 70)`;

/** The body is kept as bytes: what killed a message may be that it is no text. */
const CREATE_DEAD_LETTERS = `
CREATE TABLE dead_letters (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id uuid NOT NULL,
  pipeline text NOT NULL,
  entity_type text NOT NULL,
  generation integer NOT NULL,
  body bytea NOT NULL,
  headers jsonb NOT NULL,
  received_at timestamptz NOT NULL,
  failed_at timestamptz NOT NULL,
  attempts integer NOT NULL,
  error_code text NOT NULL,
  error jsonb NOT NULL,
  CONSTRAINT dead_letters_message UNIQUE (message_id, generation)
)`;

/**
 * Who replays a dead letter, until when, and since when it is replayed. Of two who replay at once one writes its token;
 * should it never come back, the letter is free again after `replay_until`.
 */
const ADD_REPLAYS = `
ALTER TABLE dead_letters
  ADD COLUMN replay_token uuid,
  ADD COLUMN replay_until timestamptz,
  ADD COLUMN replayed_at timestamptz`;

/** For time windows and for the purge. */
const INDEX_DEAD_LETTERS_BY_TIME = `CREATE INDEX dead_letters_failed_at ON dead_letters (pipeline, failed_at)`;

/**
 * The body that each Idempotency-Key stands for, before its message is anywhere else. Free room on each page, so that a
 * repeat is a heap-only update.
 */
const CREATE_IDEMPOTENCY_KEYS = `
CREATE TABLE idempotency_keys (
  id uuid PRIMARY KEY,
  pipeline text NOT NULL,
  body_hash bytea NOT NULL,
  bound_at timestamptz NOT NULL
) WITH (fillfactor = 90)`;

/**
 * Who has each partition of `ordered by`. A holder that stops without a word loses it at `expires_at`; `epoch` counts the
 * holders, so that one who lost it and does not know can write nothing more. `takeovers` counts the holders who lost it
 * so since a batch was last done.
 */
const CREATE_PARTITIONS = `
CREATE TABLE nomnom_partitions (
  group_name text NOT NULL,
  partition integer NOT NULL,
  holder uuid,
  epoch bigint NOT NULL DEFAULT 0,
  takeovers integer NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (group_name, partition)
) WITH (fillfactor = 50)`;

/** The workers that share the partitions of a group out among themselves. */
const CREATE_PARTITION_WORKERS = `
CREATE TABLE nomnom_partition_workers (
  group_name text NOT NULL,
  worker uuid NOT NULL,
  seen_until timestamptz NOT NULL,
  PRIMARY KEY (group_name, worker)
) WITH (fillfactor = 50)`;

/** Every program that was active, `number` in the order in which they became so; the highest is to run. */
const CREATE_PROGRAMS = `
CREATE TABLE nomnom_programs (
  pipeline text NOT NULL,
  fingerprint text NOT NULL,
  entities jsonb NOT NULL,
  tables jsonb NOT NULL,
  number bigint NOT NULL,
  activated_at timestamptz NOT NULL,
  PRIMARY KEY (pipeline, fingerprint)
)`;

/** The processes that run a role now; one that is not heard of counts until `seen_until`. */
const CREATE_PROCESSES = `
CREATE TABLE nomnom_processes (
  id uuid PRIMARY KEY,
  pipeline text NOT NULL,
  role text NOT NULL,
  fingerprint text NOT NULL,
  consumes boolean NOT NULL,
  seen_until timestamptz NOT NULL
) WITH (fillfactor = 50)`;

/** Why a process does not work on, for whoever asks. */
const ADD_WAITS = `ALTER TABLE nomnom_processes ADD COLUMN IF NOT EXISTS waits text`;

/** Not validated: whatever the old constraint let in, the new one does too, and a large table is not read for it. */
const ALLOW_LOST = `
ALTER TABLE message_status
  DROP CONSTRAINT message_status_known,
  ADD CONSTRAINT message_status_known
    CHECK (status IN ('accepted', 'completed', 'superseded', 'retrying', 'dlq', 'lost')) NOT VALID`;

/**
 * For the search for messages that the queue has lost. `received_at` never changes, so every change of a status stays a
 * heap-only update; a summary of some pages costs an insert next to nothing.
 */
const INDEX_STATUSES_BY_TIME = `
CREATE INDEX message_status_received ON message_status USING brin (received_at)
  WITH (pages_per_range = 32, autosummarize = on)`;

/** The messages that were found lost and that nobody has sent again, settled or acknowledged since, about. */
const CREATE_LOST = `
CREATE TABLE nomnom_lost (
  message_id uuid PRIMARY KEY,
  pipeline text NOT NULL,
  found_at timestamptz NOT NULL
)`;

/**
 * Who may send, by the hash of each key. Keys that have ended stay for a while: a pipeline that has had a key never opens to
 * everyone again by itself. The second index lets a name have one key without an end.
 */
const CREATE_KEYS = `
CREATE TABLE nomnom_keys (
  hash bytea PRIMARY KEY,
  pipeline text NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL,
  entities text[],
  rate_messages integer,
  rate_per integer,
  created_at timestamptz NOT NULL,
  ends_at timestamptz
)`;

const INDEX_KEYS = `CREATE UNIQUE INDEX nomnom_keys_name ON nomnom_keys (pipeline, name) WHERE ends_at IS NULL`;

/** The migration that makes the list of processes. */
export const KNOWS_PROCESSES = 5;

export const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'message status and dead letters',
    statements: [CREATE_MESSAGE_STATUS, CREATE_DEAD_LETTERS],
  },
  {
    number: 2,
    name: 'replays of dead letters',
    statements: [ADD_REPLAYS, INDEX_DEAD_LETTERS_BY_TIME],
  },
  { number: 3, name: 'bodies of Idempotency-Keys', statements: [CREATE_IDEMPOTENCY_KEYS] },
  {
    number: 4,
    name: 'partitions of ordered messages',
    statements: [CREATE_PARTITIONS, CREATE_PARTITION_WORKERS],
  },
  {
    number: KNOWS_PROCESSES,
    name: 'programs and processes',
    statements: [CREATE_PROGRAMS, CREATE_PROCESSES],
  },
  {
    number: 6,
    name: 'lost messages',
    statements: [ALLOW_LOST, INDEX_STATUSES_BY_TIME, CREATE_LOST],
  },
  { number: 7, name: 'keys of senders', statements: [CREATE_KEYS, INDEX_KEYS] },
  {
    number: 8,
    name: 'tombstones of tables in public',
    statements: [JOIN_TOMBSTONES_OF_PUBLIC, RENAME_TABLES_OF_PUBLIC],
  },
  { number: 9, name: 'what processes wait for', statements: [ADD_WAITS] },
];
