import type { LiteralTree } from '../syntax/expression-tree.ts';
import { MAX_DEPTH } from '../types/json-screen.ts';

/** One setting of a pipeline, stream or role: which literals it takes, its default, and what it does. */
export interface Setting<T> {
  readonly doc: string;
  /** What it takes, as a noun phrase for an error: `a duration such as 30s`. */
  readonly takes: string;
  readonly default: T;
  readonly read: (literal: LiteralTree) => T | undefined;
  /** The value as a `.nom` file writes it. */
  readonly print: (value: T) => string;
}

const KB = 1024;
const MB = 1024 * KB;
const TB = 1024 * 1024 * MB;
/** Milliseconds. */
const DAY = 86_400_000;

const units: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
];

function count(doc: string, fallback: number, min: number, max: number): Setting<number> {
  return {
    doc,
    takes: `a whole number from ${min} to ${max}`,
    default: fallback,
    read: (literal) => {
      if (literal.kind !== 'number' || !/^\d{1,12}$/.test(literal.text)) return undefined;
      const value = Number(literal.text);
      return value >= min && value <= max ? value : undefined;
    },
    print: String,
  };
}

/** The longest that a timer of a process waits is 2^31 - 1 ms, which is between 24 and 25 days. */
const LONGEST_WAIT = 24 * DAY;
/** JetStream counts nanoseconds in 64 bits, which end after 292 years. */
const LONGEST_AGE = 36_500 * DAY;

/** Milliseconds. */
function duration(
  doc: string,
  fallback: number,
  min: number,
  max: number,
  unlimited = false,
): Setting<number> {
  return {
    doc,
    takes: `a duration such as 30s, from ${printDuration(min)} to ${printDuration(max)}`,
    default: fallback,
    read: (literal) =>
      literal.kind === 'duration' && literal.milliseconds >= min && literal.milliseconds <= max
        ? literal.milliseconds
        : undefined,
    print: (value) => (unlimited && value === 0 ? 'unlimited' : printDuration(value)),
  };
}

/** Bytes. */
function size(doc: string, fallback: number, min: number, max: number): Setting<number> {
  return {
    doc,
    takes: `a size such as 64MB, from ${printSize(min)} to ${printSize(max)}`,
    default: fallback,
    read: (literal) =>
      literal.kind === 'size' && literal.bytes >= min && literal.bytes <= max ? literal.bytes : undefined,
    print: (value) => (value < 0 ? 'unlimited' : printSize(value)),
  };
}

/** `formerly` are older names of words that programs may still use. */
function word<W extends string>(
  doc: string,
  fallback: W,
  words: readonly W[],
  formerly: ReadonlyMap<string, W> = new Map(),
): Setting<W> {
  return {
    doc,
    takes: `one of ${words.join(', ')}`,
    default: fallback,
    read: (literal) =>
      literal.kind === 'word'
        ? (words.find((each) => each === literal.value) ?? formerly.get(literal.value))
        : undefined,
    print: String,
  };
}

const backoff: Setting<{ readonly from: number; readonly to: number }> = {
  doc: 'Delay before the second attempt of a message that failed by its own fault, and the cap of its doubling.',
  takes: 'a range of durations such as 1s..1m, the smaller first, the larger at most 24d',
  default: { from: 1000, to: 60_000 },
  read: (literal) =>
    literal.kind === 'range' &&
    literal.from.milliseconds > 0 &&
    literal.from.milliseconds <= literal.to.milliseconds &&
    literal.to.milliseconds <= LONGEST_WAIT
      ? { from: literal.from.milliseconds, to: literal.to.milliseconds }
      : undefined,
  print: (value) => `${printDuration(value.from)}..${printDuration(value.to)}`,
};

/** What a message may be, whoever sends it and whichever role reads it. */
export const pipelineSettings = {
  max_depth: count('The largest depth of nested arrays and objects in a message.', MAX_DEPTH, 1, MAX_DEPTH),
  // As many as fit into the default `body_limit` where each takes five bytes, and ten times the rows of a message.
  max_list_length: count(
    'The largest number of elements in a list of a message, whether a field reads the list or not.',
    100_000,
    1,
    10_000_000,
  ),
} as const;

export const streamSettings = {
  max_age: duration('How long the stream keeps a message that nobody took.', 0, 1000, LONGEST_AGE, true),
  max_bytes: size(
    'The largest size of the stream. A full stream refuses new messages and drops none.',
    -1,
    64 * KB,
    1024 * TB,
  ),
  dedupe: duration('How long the stream remembers message ids to drop repeats.', 120_000, 100, LONGEST_AGE),
  storage: word('Where the stream keeps messages.', 'file', ['file', 'memory']),
  replicas: count('Servers that hold each message.', 1, 1, 5),
  partitions: count(
    'The number of partitions for the messages of entities with `ordered by`. It is also the largest number of workers that can share them.',
    8,
    1,
    256,
  ),
} as const;

export const roleSettings = {
  port: count(
    'TCP port of the HTTP server. A role that accepts no messages and names no port takes a free one on 127.0.0.1.',
    8080,
    0,
    65_535,
  ),
  attempts: count(
    'How often a message can fail by its own fault before it becomes a dead letter.',
    5,
    1,
    1000,
  ),
  backoff,
  batch: count('Messages for each transaction.', 500, 1, 10_000),
  concurrency: count('Batches in flight at once.', 3, 1, 32),
  linger: duration('How long a batch waits to fill once it has a message.', 5, 1, LONGEST_WAIT),
  ack_wait: duration(
    'After how long a message that nobody acknowledged is delivered again.',
    15_000,
    1000,
    LONGEST_WAIT,
  ),
  body_limit: size('The largest message.', 512 * KB, KB, 64 * MB),
  batch_limit: size('The largest batch request.', 64 * MB, KB, 1024 * MB),
  max_rows_per_message: count(
    'How many rows one message may become, in all tables. The smallest of all roles counts.',
    10_000,
    1,
    1_000_000,
  ),
  publish_window: count(
    'The number of messages that can be on their way to the queue. If there are more, ingest answers 503.',
    20_000,
    1,
    1_000_000,
  ),
  on_poison: word(
    'What a role does with a message that cannot be applied: `dead_letter` makes it a dead letter and continues, `halt` stops the role and leaves the message in the queue.',
    'dead_letter',
    ['dead_letter', 'halt'],
    new Map([['bury', 'dead_letter']]),
  ),
  on_refused: word(
    'What a role does with a message that it refuses: `answer` tells the sender, which has to correct it, `dead_letter` answers 202 and keeps the body as a dead letter. An entity can say otherwise.',
    'answer',
    ['answer', 'dead_letter'],
  ),
  keep_statuses: duration(
    'How long the status of a settled message is kept. For that long, a redelivery of the message changes nothing.',
    30 * DAY,
    60_000,
    LONGEST_AGE,
  ),
  keep_dead_letters: duration('How long a dead letter is kept.', 90 * DAY, 60_000, LONGEST_AGE),
} as const;

/** The settings of each kind of declaration that has some. */
export const settingTables = {
  pipeline: pipelineSettings,
  stream: streamSettings,
  role: roleSettings,
} as const;

/** What a table of settings needs for its values to be read. */
export type SettingTable = Readonly<Record<string, Pick<Setting<unknown>, 'takes' | 'default' | 'read'>>>;

export type SettingValues<T extends SettingTable> = { readonly [K in keyof T]: T[K]['default'] };

export type PipelineSettingValues = SettingValues<typeof pipelineSettings>;
export type StreamSettingValues = SettingValues<typeof streamSettings>;
export type RoleSettingValues = SettingValues<typeof roleSettings>;

export function printDuration(milliseconds: number): string {
  for (const [length, unit] of units)
    if (milliseconds >= length && milliseconds % length === 0) return `${milliseconds / length}${unit}`;
  return `${milliseconds}ms`;
}

export function printSize(bytes: number): string {
  if (bytes % (1024 * MB) === 0) return `${bytes / (1024 * MB)}GB`;
  if (bytes % MB === 0) return `${bytes / MB}MB`;
  return `${Math.ceil(bytes / KB)}KB`;
}
