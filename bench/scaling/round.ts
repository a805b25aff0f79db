import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { pinoLog } from '../../src/adapters/pino-log.ts';
import type { Outgoing } from '../../src/ports/queue.ts';
import type { Bench } from '../bench.ts';
import { startChild } from '../child.ts';
import { withEmptyStream } from '../messages.ts';
import { processorTime, processorTimeOfTree, serverOn } from '../peers/processor-time.ts';

/** What one order costs. Processor times are in microseconds. */
export interface Round {
  readonly rate: number;
  readonly worker: number;
  readonly postgres: number;
  /** Of nats-server, to store an order and to hand it out. */
  readonly stored: number;
  readonly delivered: number;
  /** Bytes of WAL. The round begins with a checkpoint. */
  readonly wal: number;
}

const WAL = `SELECT pg_current_wal_lsn() - '0/0' AS bytes`;
const COMPLETED = `SELECT count(*)::int AS n FROM message_status
WHERE message_id = ANY ($1::uuid[]) AND status = 'completed'`;
/** Milliseconds between looks at the queue. */
const LOOK = 20;

/** One worker drains the messages into a database whose tables are there. */
export function round(
  { program, file, plan, natsUrl }: Bench,
  databaseUrl: string,
  messages: readonly Outgoing[],
): Promise<Round> {
  return withEmptyStream(natsUrl, plan, async (queue) => {
    const nats = serverOn(natsUrl, 'nats-server') ?? 0;
    const postgres = serverOn(databaseUrl, 'postgres');
    const [consume] = plan.roles.flatMap((role) => role.consumes);
    if (consume === undefined) throw new Error('the program consumes nothing');
    const store = openStore({ url: databaseUrl, max: 1, log: pinoLog({ level: 'silent' }) });
    const consumer = await queue.consumer(consume);
    const before = processorTime(nats);
    const outcomes = await queue.publisher().publish(messages);
    if (outcomes.some(({ kind }) => kind !== 'stored')) throw new Error('an order was not stored');
    const stored = processorTime(nats) - before;
    const worker = await startChild(
      [program, 'run', file, '--role=worker'],
      { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'info' },
      /worker started/,
    );
    process.kill(worker.pid, 'SIGSTOP');
    const wal = async (): Promise<number> =>
      Number((await store.sql.query({ text: WAL })).rows[0]?.['bytes']);
    const times = () => ({
      seconds: performance.now() / 1000,
      worker: processorTime(worker.pid),
      postgres: processorTimeOfTree(postgres),
      delivered: processorTime(nats),
    });
    try {
      await store.sql.query({ text: 'CHECKPOINT' });
      const walBefore = await wal();
      const start = times();
      process.kill(worker.pid, 'SIGCONT');
      while ((await consumer.pending()) > 0) {
        worker.mustRun();
        await sleep(LOOK);
      }
      const end = times();
      const bytes = (await wal()) - walBefore;
      const { rows } = await store.sql.query({
        text: COMPLETED,
        values: [messages.map((each) => each.messageId)],
      });
      if (rows[0]?.['n'] !== messages.length)
        throw new Error(`only ${String(rows[0]?.['n'])} were completed`);
      const each = (of: keyof typeof start): number => ((end[of] - start[of]) * 1e6) / messages.length;
      return {
        rate: 1e6 / each('seconds'),
        worker: each('worker'),
        postgres: each('postgres'),
        stored: (stored * 1e6) / messages.length,
        delivered: each('delivered'),
        wal: bytes / messages.length,
      };
    } finally {
      await worker.stop();
      await consumer.close();
      await store.close();
    }
  });
}
