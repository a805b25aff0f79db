import { drawTableFailure, type TableFailure } from './failing-table.ts';
import type { FaultOptions } from './options.ts';
import type { Way } from './purge.ts';
import type { Random } from './random.ts';

/** What can go wrong with a server, for everybody. */
export type ServerFault =
  | {
      readonly kind:
        | 'Postgres stopped'
        | 'Postgres killed'
        | 'Postgres killed at once'
        | 'Postgres unreachable'
        | 'NATS stopped'
        | 'NATS killed'
        | 'NATS unreachable'
        | 'pooler killed'
        | 'read-only'
        | 'index dropped'
        | 'stream full'
        | 'leader killed';
      readonly seconds: number;
    }
  | { readonly kind: 'backends terminated'; readonly share: number }
  | ({ readonly kind: 'table fails'; readonly seconds: number } & TableFailure)
  | { readonly kind: 'stream purged'; readonly way: Way; readonly seconds: number }
  /** The nodes that end: one, and a quorum stays; two, and none does. */
  | {
      readonly kind: 'node killed' | 'quorum lost';
      readonly nodes: readonly number[];
      readonly seconds: number;
    };

export type ServerKind = ServerFault['kind'];

export function serverKinds({ queue, fullStream, properties }: FaultOptions): readonly ServerKind[] {
  const where = (is: boolean, ...kinds: readonly ServerKind[]): readonly ServerKind[] => (is ? kinds : []);
  return [
    'Postgres stopped',
    'Postgres killed',
    'Postgres unreachable',
    'backends terminated',
    'index dropped',
    ...where(fullStream, 'stream full'),
    ...where(queue === 'jetstream', 'NATS unreachable', 'NATS stopped', 'NATS killed'),
    'table fails',
    'read-only',
    ...where(properties.includes('lax commits'), 'Postgres killed at once', 'Postgres killed at once'),
    ...where(properties.includes('pooler'), 'pooler killed'),
    ...where(properties.includes('purges'), 'stream purged'),
    ...where(properties.includes('cluster'), 'node killed', 'leader killed', 'quorum lost'),
  ];
}

/** Read-only mode takes this share of the round where nothing says how long. */
const READ_ONLY = { share: 0.2, from: 3, to: 120 };
const NODES = [0, 1, 2];

export function drawServerFault(
  kind: ServerKind,
  random: Random,
  { seconds: round, readOnly }: FaultOptions,
): ServerFault {
  const seconds = random.between(1.5, 5);
  switch (kind) {
    case 'Postgres stopped':
    case 'Postgres killed':
    case 'Postgres killed at once':
    case 'Postgres unreachable':
    case 'NATS stopped':
    case 'NATS killed':
    case 'NATS unreachable':
    case 'pooler killed':
    case 'index dropped':
      return { kind, seconds };
    case 'backends terminated':
      return { kind, share: random.pick([0.3, 0.6, 1]) };
    case 'stream full':
      return { kind, seconds: random.between(5, 8) };
    case 'table fails':
      // At times longer than all the attempts of a message take.
      return {
        kind,
        seconds: random.between(3, Math.max(4, Math.min(15, round / 3))),
        ...drawTableFailure(random),
      };
    case 'read-only':
      return {
        kind,
        seconds: readOnly ?? Math.min(READ_ONLY.to, Math.max(READ_ONLY.from, round * READ_ONLY.share)),
      };
    case 'stream purged':
      return { kind, way: random.pick(['DELETE', 'TRUNCATE'] as const), seconds: random.between(1, 3) };
    case 'node killed':
      return { kind, nodes: random.shuffled(NODES).slice(0, 1), seconds: random.between(2, 8) };
    case 'leader killed':
      return { kind, seconds: random.between(2, 8) };
    case 'quorum lost':
      // So long that the processes can be asked what they think of it.
      return { kind, nodes: random.shuffled(NODES).slice(0, 2), seconds: random.between(14, 22) };
  }
}
