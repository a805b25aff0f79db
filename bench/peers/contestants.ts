import { existsSync } from 'node:fs';
import type { Bench } from '../bench.ts';
import { orderFile, rowFiles } from './order-files.ts';
import { jars, pgmqSql, python } from './packages/cache.ts';
import { pgmq } from './pgmq-queue.ts';
import { graphileWorker, ownQueue, pgBoss } from './postgres-queues.ts';
import { jetStream, jetStreamOfPeers, type Queue } from './waiting-orders.ts';

/** Who drains the orders. */
export interface Contestant {
  /** As `--peers` knows it. */
  readonly name: string;
  readonly what: string;
  readonly queue: Queue;
  /** The program, where it is not Node. */
  readonly command?: string;
  /** The arguments of Node, or of `command`. */
  program(bench: Bench): readonly string[];
  /** What has to be brought first; undefined where all is there. */
  missing?(): string | undefined;
  /** The line of its output after which it takes orders. */
  readonly ready: RegExp;
  readonly processes: number;
}

const worker = ({ program, file }: Bench) => [program, 'run', file, '--role=worker'];
const nomnom = { program: worker, ready: /worker started/, processes: 1 };
const peer = (name: string) => ({
  name,
  program: ({ root }: Bench) => [`${root}/bench/peers/programs/${name}.ts`],
  ready: /^ready/m,
  processes: 1,
});

/** Those that npm does not have: `packages/get.ts` brings them. */
const brought = (path: string) => () =>
  existsSync(path) ? undefined : `${path} is not there; npm run bench:peers brings it`;
const pythonPeer = (name: string) => ({
  name,
  command: python,
  program: ({ root }: Bench) => [`${root}/bench/peers/programs/${name.replace('-', '_')}_orders.py`],
  ready: /^ready/m,
  processes: 1,
  missing: brought(python),
});

/** As the scripts of Kafka start Connect. The dates of records have no zone, and Debezium prints them in that of Java. */
const JAVA = ['-Xms256M', '-Xmx2G', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-Duser.timezone=UTC'];

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
  { ...peer('pgmq'), what: 'pgmq, everything in SQL', queue: pgmq, missing: brought(pgmqSql) },
  {
    name: 'debezium',
    what: "Debezium's JDBC sink, without Kafka",
    queue: jetStreamOfPeers,
    command: 'java',
    program: ({ root }) => [...JAVA, '-cp', `${jars}/*`, `${root}/bench/peers/programs/DebeziumSink.java`],
    ready: /^ready/m,
    processes: 1,
    missing: brought(jars),
  },
  { ...pythonPeer('dlt'), what: 'dlt, from a file', queue: orderFile },
  { ...pythonPeer('dlt-arrow'), what: 'dlt with Arrow, from a file', queue: orderFile },
  { ...pythonPeer('sling'), what: 'Sling, from a file of rows for each table', queue: rowFiles },
];
