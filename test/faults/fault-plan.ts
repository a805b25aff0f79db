import type { FaultOptions } from './options.ts';
import type { Random } from './random.ts';

/** What can go wrong with one process or one line. */
export type LocalFault =
  | { readonly kind: 'kill'; readonly process: number }
  | { readonly kind: 'restart'; readonly process: number }
  | { readonly kind: 'freeze'; readonly process: number; readonly seconds: number }
  | { readonly kind: 'cut'; readonly line: number; readonly seconds: number }
  | { readonly kind: 'half-open'; readonly line: number }
  | { readonly kind: 'slow'; readonly line: number; readonly milliseconds: number; readonly seconds: number };

/** What can go wrong with a server, for everybody. */
export type ServerFault =
  | {
      readonly kind:
        | 'Postgres stopped'
        | 'Postgres killed'
        | 'Postgres unreachable'
        | 'NATS stopped'
        | 'NATS killed'
        | 'NATS unreachable';
      readonly seconds: number;
    }
  | { readonly kind: 'backends terminated'; readonly share: number }
  | { readonly kind: 'index dropped'; readonly seconds: number }
  | { readonly kind: 'table sick'; readonly sqlstate: string; readonly seconds: number }
  | { readonly kind: 'stream full'; readonly seconds: number };

/** A fault and how long after the one before it begins, in seconds. */
export interface Drawn<F> {
  readonly after: number;
  readonly fault: F;
}

/** Two series that run at the same time, each one fault after the other. */
export interface FaultPlan {
  readonly local: readonly Drawn<LocalFault>[];
  readonly server: readonly Drawn<ServerFault>[];
}

/** The seed decides all of it. Every kind comes up before one comes up again. */
export function drawFaults(options: FaultOptions, random: Random): FaultPlan {
  const wanted = <K extends string>(kinds: readonly K[]): readonly K[] =>
    options.only === undefined ? kinds : kinds.filter((kind) => options.only?.includes(kind));
  const server = series(options.seconds, random.fork(), wanted(serverKinds(options)), drawServerFault);
  if (options.outage > 0) {
    const drawn = options.queue === 'jetstream' && random.chance(0.5) ? 'NATS' : 'Postgres';
    const kind = `${options.outageOf ?? drawn} stopped` as const;
    server.push({ after: 3, fault: { kind, seconds: options.outage } });
  }
  const draw = (kind: LocalFault['kind'], random: Random): LocalFault =>
    drawLocalFault(kind, random, options);
  return { local: series(options.seconds, random.fork(), wanted(LOCAL_KINDS), draw), server };
}

const LOCAL_KINDS: readonly LocalFault['kind'][] = [
  'kill',
  'kill',
  'restart',
  'freeze',
  'cut',
  'cut',
  'half-open',
  'slow',
];

function serverKinds({ queue, fullStream }: FaultOptions): readonly ServerFault['kind'][] {
  return [
    'Postgres stopped',
    'Postgres killed',
    'Postgres unreachable',
    'backends terminated',
    'index dropped',
    'table sick',
    ...(fullStream ? (['stream full'] as const) : []),
    ...(queue === 'jetstream' ? (['NATS unreachable', 'NATS stopped', 'NATS killed'] as const) : []),
  ];
}

function series<K, F extends object>(
  seconds: number,
  random: Random,
  kinds: readonly K[],
  draw: (kind: K, random: Random) => F,
): Drawn<F>[] {
  const drawn: Drawn<F>[] = [];
  let deck: K[] = [];
  for (let at = 0; ;) {
    deck = deck.length === 0 ? random.shuffled(kinds) : deck;
    const kind = deck.pop();
    if (kind === undefined) return drawn;
    const after = random.between(0.5, 2.5);
    const fault = draw(kind, random);
    at += after + secondsOf(fault);
    if (at > seconds) return drawn;
    drawn.push({ after, fault });
  }
}

function drawLocalFault(
  kind: LocalFault['kind'],
  random: Random,
  { workers, ingests, queue }: FaultOptions,
): LocalFault {
  const processes = workers + ingests;
  const process = random.whole(0, processes - 1);
  const line = random.whole(0, processes * (queue === 'jetstream' ? 2 : 1) - 1);
  const seconds = random.between(0.5, 4);
  switch (kind) {
    case 'kill':
    case 'restart':
      return { kind, process };
    case 'freeze':
      // Longer than a lease at times.
      return { kind, process, seconds: random.between(1, 8) };
    case 'cut':
      return { kind, line, seconds };
    case 'half-open':
      return { kind, line };
    case 'slow':
      return { kind, line, milliseconds: random.whole(20, 200), seconds };
  }
}

function drawServerFault(kind: ServerFault['kind'], random: Random): ServerFault {
  const seconds = random.between(1.5, 5);
  switch (kind) {
    case 'Postgres stopped':
    case 'Postgres killed':
    case 'Postgres unreachable':
    case 'NATS stopped':
    case 'NATS killed':
    case 'NATS unreachable':
      return { kind, seconds };
    case 'backends terminated':
      return { kind, share: random.pick([0.3, 0.6, 1]) };
    case 'index dropped':
      return { kind, seconds };
    case 'table sick':
      return { kind, seconds, sqlstate: random.pick(SICK) };
    case 'stream full':
      return { kind, seconds: random.between(5, 8) };
  }
}

/** I/O error, missing file, corrupted data, internal error, damaged settings file, unsupported, disk full, and two of nobody. */
const SICK = ['58030', '58P01', 'XX001', 'XX000', 'F0000', '0A000', '53100', 'P0001', '99999'];

function secondsOf(fault: object): number {
  return 'seconds' in fault ? Number(fault.seconds) : 0;
}
