import { parseArgs } from 'node:util';
import { drawnProperties, PROPERTIES, propertiesOf, type Property, readProperties } from './properties.ts';
import { seeded } from './random.ts';

export type QueueKind = 'jetstream' | 'postgres';
export type ServerName = 'Postgres' | 'NATS';

/** What one run does; everything else follows from the seed. */
export interface FaultOptions {
  readonly seed: number;
  /** Seconds of sending and faults; recovery comes after them. */
  readonly seconds: number;
  readonly queue: QueueKind;
  /** Versioned messages; others come on top, about a tenth. */
  readonly messages: number;
  /** Keys that the versioned messages share. */
  readonly keys: number;
  readonly workers: number;
  readonly ingests: number;
  /** Seconds that one outage of a server lasts at the end of the faults; 0 leaves it out. */
  readonly outage: number;
  /** The server of that outage; the seed chooses where it is absent. */
  readonly outageOf?: ServerName;
  /** Seconds after the last fault by which everything has its final status. */
  readonly recovery: number;
  /** Whether a full stream refuses what is new and no more: nats-server 2.9 deletes then, see docs/reliability.md. */
  readonly fullStream: boolean;
  /** Only these kinds of faults; all when absent. */
  readonly only?: readonly string[];
  /** What the whole round is like. */
  readonly properties: readonly Property[];
  /** Seconds of read-only mode; a share of the round when absent. */
  readonly readOnly?: number;
  /** A folder for the log of every process. */
  readonly logs?: string;
}

export const USAGE = `npm run test:faults [-- OPTIONS]

  --seed N        draw the messages and faults of this seed, and the seeds of further rounds; without it one is drawn
  --minutes M     how long to send and to disturb over each queue (2); fractions are fine
  --round R       minutes of one round (5): a longer run is several, each with a seed, servers and tables of its own
  --queue KIND    jetstream, postgres or both (both)
  --messages N    versioned messages (20000)
  --keys N        keys that they share (1000)
  --workers N     worker processes (3)
  --ingests N     ingest processes (2)
  --outage S      end the last round with an outage of one server of this many seconds, 300 for the long one (0)
  --outage-of S   the server of that outage, postgres or nats; without it the seed chooses
  --only KINDS    only these kinds of faults, with commas between, and the properties that they need
  --with NAMES    what a round is like, with commas between, or none; without it the seed of each round draws it
  --read-only S   seconds of read-only mode (a fifth of the round)
  --logs DIR      keep the log of every process in this folder

Kinds:       kill, restart, freeze, cut, half-open, slow, Postgres stopped, Postgres killed, Postgres unreachable,
             NATS stopped, NATS killed, NATS unreachable, backends terminated, index dropped, stream full, table fails,
             read-only
with names:  lax commits    synchronous_commit is off; Postgres killed at once
             pooler         one PgBouncer in between, in transaction mode; pooler killed
             cluster        three nats-servers; node killed, leader killed, quorum lost
             snapshot       one transaction keeps its snapshot throughout
             versions       the program changes on the way; new version
             purges         messages disappear from the queue; stream purged
`;

/** The runs that the command line asks for; throws with one line where it is wrong. */
export function readOptions(
  args: readonly string[],
  drawSeed: () => number,
): readonly Omit<FaultOptions, 'fullStream'>[] {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string', default: '2' },
      round: { type: 'string', default: '5' },
      queue: { type: 'string', default: 'both' },
      messages: { type: 'string', default: '20000' },
      keys: { type: 'string', default: '1000' },
      workers: { type: 'string', default: '3' },
      ingests: { type: 'string', default: '2' },
      outage: { type: 'string', default: '0' },
      'outage-of': { type: 'string' },
      only: { type: 'string' },
      with: { type: 'string' },
      'read-only': { type: 'string' },
      logs: { type: 'string' },
    },
  });
  const kinds = queues(values.queue);
  const outageOf = serverOf(values['outage-of'], kinds);
  const minutes = number('minutes', values.minutes, 0.1, 240, false);
  const rounds = Math.ceil(minutes / number('round', values.round, 0.1, 240, false));
  const outage = number('outage', values.outage, 0, 1800);
  const only = values.only?.split(',').map((kind) => kind.trim());
  const asked = values.with === undefined ? undefined : readProperties(values.with);
  const shared = {
    seconds: (minutes / rounds) * 60,
    messages: number('messages', values.messages, 10, 1_000_000),
    keys: number('keys', values.keys, 1, 100_000),
    workers: number('workers', values.workers, 1, 16),
    ingests: number('ingests', values.ingests, 1, 8),
    recovery: 30,
    ...(outageOf === undefined ? {} : { outageOf }),
    ...(only === undefined ? {} : { only }),
    ...(values['read-only'] === undefined
      ? {}
      : { readOnly: number('read-only', values['read-only'], 1, 1800) }),
    ...(values.logs === undefined ? {} : { logs: values.logs }),
  };
  const seed = values.seed === undefined ? drawSeed() : number('seed', values.seed, 0, 0xffff_ffff);
  return seedsOf(seed, rounds).flatMap((each, round) =>
    kinds.map((queue) => ({
      ...shared,
      seed: each,
      queue,
      properties: propertiesOf(each, queue, asked, only),
      outage: round === rounds - 1 ? outage : 0,
    })),
  );
}

/**
 * The seed itself, and as many that it decides as there are further rounds. Each property has its turn: the seed of a round
 * is the next one that draws it.
 */
function seedsOf(seed: number, rounds: number): readonly number[] {
  const random = seeded(seed);
  return Array.from({ length: rounds }, (_, round) => {
    if (round === 0) return seed;
    const wanted = PROPERTIES[(round - 1) % PROPERTIES.length];
    for (;;) {
      const drawn = random.whole(0, 0xffff_ffff);
      if (drawnProperties(drawn).some((each) => each === wanted)) return drawn;
    }
  });
}

function queues(text: string): readonly QueueKind[] {
  switch (text) {
    case 'both':
      return ['jetstream', 'postgres'];
    case 'jetstream':
    case 'postgres':
      return [text];
    default:
      throw new Error(`--queue: expected jetstream, postgres or both, not ${text}`);
  }
}

function serverOf(text: string | undefined, queues: readonly QueueKind[]): ServerName | undefined {
  switch (text) {
    case undefined:
      return undefined;
    case 'postgres':
      return 'Postgres';
    case 'nats':
      if (queues.includes('postgres')) throw new Error('--outage-of nats: needs --queue jetstream');
      return 'NATS';
    default:
      throw new Error(`--outage-of: expected postgres or nats, not ${text}`);
  }
}

function number(name: string, text: string, from: number, to: number, isWhole = true): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= from && value <= to) || (isWhole && !Number.isInteger(value))) {
    throw new Error(
      `--${name}: expected a ${isWhole ? 'whole ' : ''}number from ${from} to ${to}, not ${text}`,
    );
  }
  return value;
}
