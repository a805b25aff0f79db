import { DENSE_CLAIMS } from './dense-claims.ts';
import { FUNCTIONS } from './functions.ts';
import { LEASE_ROWS } from './leases.ts';
import { MOVE_TO_SEGMENTS } from './segments.ts';
import { SESSIONS } from './sessions.ts';

/** A step of the queue's own schema. Steps are only ever appended; one that was released is never changed. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/*
 * As they were at first; `segments.ts` has what they are now.
 *
 * nomnom_queue_stream    the streams of the plan and what they accept
 * nomnom_queue_size      bytes that a stream holds, spread over slots, so that writers do not wait for each other
 * nomnom_queue_consumer  the consumers of the plan; a published message becomes one row for each that it matches
 * nomnom_queue           messages: waiting (visible_at is past), leased or delayed (visible_at is to come), or kept
 *                        for nobody (consumer is null: no filter matches yet)
 * nomnom_queue_dedupe    ids published within the dedupe window of their stream; they outlive their messages
 */
const TABLES = `
CREATE TABLE nomnom_queue_stream (
  name text PRIMARY KEY,
  subjects text[] NOT NULL,
  subject_regex text NOT NULL,
  max_bytes bigint NOT NULL,
  max_age_ms bigint NOT NULL,
  dedupe_ms bigint NOT NULL
);
CREATE TABLE nomnom_queue_size (
  stream text NOT NULL REFERENCES nomnom_queue_stream (name) ON DELETE CASCADE,
  slot smallint NOT NULL,
  bytes bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (stream, slot)
) WITH (fillfactor = 50);
CREATE TABLE nomnom_queue_consumer (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stream text NOT NULL REFERENCES nomnom_queue_stream (name) ON DELETE CASCADE,
  durable text NOT NULL,
  filter text NOT NULL,
  filter_regex text NOT NULL,
  UNIQUE (stream, durable)
);
CREATE TABLE nomnom_queue (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  consumer integer,
  visible_at timestamptz NOT NULL,
  deliveries integer NOT NULL DEFAULT 0,
  generation integer NOT NULL,
  size integer NOT NULL,
  received_at bigint NOT NULL,
  message_id uuid NOT NULL,
  stream text NOT NULL,
  subject text NOT NULL,
  entity text NOT NULL,
  headers text NOT NULL,
  body bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX nomnom_queue_next ON nomnom_queue (consumer, visible_at, id);
CREATE TABLE nomnom_queue_dedupe (
  stream text NOT NULL,
  dedupe_id text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (stream, dedupe_id)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX nomnom_queue_dedupe_expires ON nomnom_queue_dedupe (expires_at);
`;

/** The fingerprint of the program that accepted a message; null for those that came before the column. */
const ADD_PROGRAM = `ALTER TABLE nomnom_queue ADD COLUMN program text`;

export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'queue tables', sql: TABLES },
  { number: 2, name: 'program of each message', sql: ADD_PROGRAM },
  { number: 3, name: 'segments that are emptied as a whole', sql: MOVE_TO_SEGMENTS + FUNCTIONS },
  { number: 4, name: 'a row for each lease', sql: LEASE_ROWS },
  { number: 5, name: 'claims go on where the last one ended', sql: DENSE_CLAIMS },
  { number: 6, name: 'sessions of partitions', sql: SESSIONS },
];
