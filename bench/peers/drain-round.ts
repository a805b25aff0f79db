import { pinoLog } from '../../src/adapters/pino-log.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { applyTables } from '../../src/roles/setup/apply-tables.ts';
import type { Bench } from '../bench.ts';
import { type Child, startChild } from '../child.ts';
import type { Contestant } from './contestants.ts';
import { processorTimeOfTree, serverOn } from './processor-time.ts';
import { storedRows, type StoredRows } from './stored-rows.ts';
import { drained } from './waiting-orders.ts';

/** Processor times are in microseconds for each order; NaN where the process is not one of this machine. */
export interface DrainRound {
  /** Orders a second. */
  readonly rate: number;
  readonly client: number;
  readonly postgres: number;
  readonly nats: number;
  /** The highest resident memory of a process, in MB. */
  readonly memory: number;
  readonly stored: StoredRows;
}

/**
 * Commits reach the file of the server before they are answered, for everybody, whatever the server is set to. What a peer
 * notes about its messages has the columns of nomnom's ledger that it needs, and the free room of its pages.
 */
const PREPARE = [
  `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$`,
  `CREATE TABLE peer_status (message_id uuid PRIMARY KEY, entity_type text NOT NULL, status text NOT NULL,
    received_at timestamptz NOT NULL, updated_at timestamptz NOT NULL) WITH (fillfactor = 70)`,
];

/** Before the clock starts, so that nobody pays for what filled the queue. */
const SETTLE = ['ANALYZE', 'CHECKPOINT'];

/** The contestant drains the orders, in a database of its own. `address` is where it finds that, if not there itself. */
export function drainRound(
  bench: Bench,
  { queue, command, program, ready, processes }: Contestant,
  address: (databaseUrl: string) => string = (databaseUrl) => databaseUrl,
): Promise<DrainRound> {
  const { plan, orders, natsUrl } = bench;
  return bench.withDatabase(async (databaseUrl) => {
    const store = openStore({ url: databaseUrl, max: 1, log: pinoLog({ level: 'silent' }) });
    try {
      await applyTables(store, plan);
      for (const text of PREPARE) await store.sql.query({ text });
      return await queue(bench, databaseUrl, async (waiting) => {
        for (const text of SETTLE) await store.sql.query({ text });
        const env = { ...waiting.env, DATABASE_URL: address(databaseUrl), LOG_LEVEL: 'info' };
        const workers = await startTogether(processes, () => startChild(program(bench), env, ready, command));
        const servers = {
          postgres: serverOn(databaseUrl, 'postgres'),
          nats: serverOn(natsUrl, 'nats-server'),
        };
        const times = () => ({
          seconds: performance.now() / 1000,
          client: workers.reduce((sum, { pid }) => sum + processorTimeOfTree(pid), 0),
          postgres: processorTimeOfTree(servers.postgres),
          nats: processorTimeOfTree(servers.nats),
        });
        try {
          const before = times();
          for (const { pid } of workers) process.kill(pid, 'SIGCONT');
          await drained(waiting, workers);
          const after = times();
          const perOrder = (of: keyof typeof before) => ((after[of] - before[of]) * 1e6) / orders.length;
          const left = await waiting.left();
          if (left > 0) throw new Error(`${left} orders are left`);
          return {
            rate: 1e6 / perOrder('seconds'),
            client: perOrder('client'),
            postgres: perOrder('postgres'),
            nats: perOrder('nats'),
            memory: Math.max(...workers.map(peakOfTree)),
            stored: await storedRows(store.sql),
          };
        } finally {
          await Promise.all(workers.map((worker) => worker.stop()));
        }
      });
    } finally {
      await store.close();
    }
  });
}

/** A worker whose children have ended says how much memory they took. */
function peakOfTree(worker: Child): number {
  return Math.max(worker.peakMemory(), Number(worker.said(/^peak (\d+) MB/m)?.[1] ?? 0));
}

/** Each process is halted as soon as it would take orders, so that all of them begin at the same moment. */
async function startTogether(
  count: number,
  start: () => ReturnType<typeof startChild>,
): Promise<readonly Awaited<ReturnType<typeof startChild>>[]> {
  const workers = [];
  for (let at = 0; at < count; at += 1) {
    const worker = await start();
    process.kill(worker.pid, 'SIGSTOP');
    workers.push(worker);
  }
  return workers;
}
