import type { FaultOptions } from './options.ts';
import type { Random } from './random.ts';
import { drawServerFault, type ServerFault, type ServerKind, serverKinds } from './server-faults.ts';

/** What can go wrong with one process or one line. */
export type LocalFault =
  | { readonly kind: 'kill'; readonly process: number }
  | { readonly kind: 'restart'; readonly process: number }
  | { readonly kind: 'freeze'; readonly process: number; readonly seconds: number }
  | { readonly kind: 'cut'; readonly line: number; readonly seconds: number }
  /** So many bytes of what is sent next still arrive: mostly a part of a statement. */
  | { readonly kind: 'half-open'; readonly line: number; readonly bytes: number }
  | { readonly kind: 'slow'; readonly line: number; readonly milliseconds: number; readonly seconds: number };

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
  const drawOfServer = (kind: ServerKind, random: Random): ServerFault =>
    drawServerFault(kind, random, options);
  const server = series(options.seconds, random.fork(), wanted(serverKinds(options)), drawOfServer);
  if (options.outage > 0) {
    const drawn = options.queue === 'jetstream' && random.chance(0.5) ? 'NATS' : 'Postgres';
    const kind = `${options.outageOf ?? drawn} stopped` as const;
    server.push({ after: 3, fault: { kind, seconds: options.outage } });
  }
  const draw = (kind: LocalFault['kind'], random: Random): LocalFault =>
    drawLocalFault(kind, random, options);
  return { local: series(options.seconds, random.fork(), wanted(LOCAL_KINDS), draw), server };
}

/** Seconds of a run in which one freeze may take a quarter of the time. */
const LONG = 50;

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
  { workers, ingests, queue, properties, seconds: whole }: FaultOptions,
): LocalFault {
  const processes = workers + ingests;
  const process = random.whole(0, processes - 1);
  const lines = queue === 'postgres' ? 1 : properties.includes('cluster') ? 4 : 2;
  const line = random.whole(0, processes * lines - 1);
  const seconds = random.between(0.5, 4);
  switch (kind) {
    case 'kill':
    case 'restart':
      return { kind, process };
    case 'freeze':
      // Longer than a lease at times; in a long run also than a worker has a partition.
      return { kind, process, seconds: random.between(1, whole >= LONG ? 13 : 8) };
    case 'cut':
      return { kind, line, seconds };
    case 'half-open':
      return { kind, line, bytes: random.chance(0.5) ? 0 : random.whole(1, 10_000) };
    case 'slow':
      return { kind, line, milliseconds: random.whole(20, 200), seconds };
  }
}

function secondsOf(fault: object): number {
  return 'seconds' in fault ? Number(fault.seconds) : 0;
}
