import type { Bench } from '../bench.ts';
import { graphileWorker, ownQueue, pgBoss } from './postgres-queues.ts';
import { jetStream, jetStreamOfPeers, type Queue } from './waiting-orders.ts';

/** Who drains the orders. */
export interface Contestant {
  /** As `--peers` knows it. */
  readonly name: string;
  readonly what: string;
  readonly queue: Queue;
  /** The arguments of Node. */
  program(bench: Bench): readonly string[];
  /** The line of its output after which it takes orders. */
  readonly ready: RegExp;
  readonly processes: number;
}

const worker = ({ root, file }: Bench) => [`${root}/bin/nomnom`, 'run', file, '--role=worker'];
const nomnom = { program: worker, ready: /worker started/, processes: 1 };
const peer = (name: string) => ({
  name,
  program: ({ root }: Bench) => [`${root}/bench/peers/programs/${name}.ts`],
  ready: /^ready/m,
  processes: 1,
});

/** nomnom comes first: what it stores is what all others must store. */
export const contestants: readonly Contestant[] = [
  { ...nomnom, name: 'nomnom', what: 'nomnom, one worker', queue: jetStream },
  { ...nomnom, name: 'nomnom-2', what: 'nomnom, two workers', queue: jetStream, processes: 2 },
  { ...peer('unnest'), what: 'hand-written: JSON.parse, unnest, status row', queue: jetStreamOfPeers },
  { ...peer('recordset'), what: 'hand-written: text to SQL, jsonb_to_recordset', queue: jetStreamOfPeers },
  { ...peer('one-by-one'), what: 'hand-written: a transaction for each message', queue: jetStreamOfPeers },
  { ...nomnom, name: 'nomnom-pg', what: 'nomnom, queue in Postgres', queue: ownQueue },
  { ...peer('pg-boss'), what: 'pg-boss, unnest', queue: pgBoss },
  { ...peer('graphile-worker'), what: 'graphile-worker', queue: graphileWorker },
];
