import type { JetStreamQueue } from '../src/adapters/jetstream/queue.ts';
import { pinoLog } from '../src/adapters/pino-log.ts';
import { openStore } from '../src/adapters/postgres/store.ts';
import { subjectOf } from '../src/plan/plan.ts';
import { applyTables } from '../src/roles/setup/apply-tables.ts';
import type { Bench } from './bench.ts';
import { type Child, startChild } from './child.ts';
import { withEmptyStream } from './messages.ts';

/** The line in which a server says where it listens. */
const ADDRESS = /"address":"(http:[^"]+)"/;

/** A server that takes orders. */
export interface OrdersServer {
  readonly address: string;
  readonly process: Child;
}

interface Ingest extends OrdersServer {
  readonly databaseUrl: string;
  readonly queue: JetStreamQueue;
}

/** Runs `work` against an ingest process of its own, with a new database and an empty stream. */
export function withIngest<T>(bench: Bench, work: (ingest: Ingest) => Promise<T>): Promise<T> {
  const { plan, natsUrl, withDatabase } = bench;
  return withDatabase((databaseUrl) =>
    withEmptyStream(natsUrl, plan, async (queue) => {
      const store = openStore({ url: databaseUrl, max: 1, log: pinoLog({ level: 'silent' }) });
      await applyTables(store, plan);
      await store.close();
      const ingest = await startIngest(bench, databaseUrl);
      try {
        return await work({ ...ingest, databaseUrl, queue });
      } finally {
        await ingest.process.stop();
      }
    }),
  );
}

/** Starts an ingest process of a database that has its tables. */
export async function startIngest(
  { program, file, natsUrl }: Bench,
  databaseUrl: string,
  nodeFlags: readonly string[] = [],
): Promise<OrdersServer> {
  const process = await startChild(
    [...nodeFlags, program, 'run', file, '--role=ingest', '--port=0', '--host=127.0.0.1'],
    // All senders are on this machine, as behind a proxy.
    { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'info', TRUSTED_PROXIES: '127.0.0.1' },
    ADDRESS,
  );
  return { address: process.match[1] ?? '', process };
}

/** The same with the least that takes orders and checks nothing: `bare-server.ts`. */
export function withBareServer<T>(
  { root, plan, natsUrl }: Bench,
  work: (server: OrdersServer) => Promise<T>,
): Promise<T> {
  return withEmptyStream(natsUrl, plan, async () => {
    const publish = plan.roles.find((role) => role.publishes.length > 0)?.publishes[0];
    const server = await startChild(
      [
        `${root}/bench/bare-server.ts`,
        natsUrl,
        publish?.stream ?? '',
        subjectOf(publish?.template ?? '', 'Order'),
      ],
      {},
      ADDRESS,
    );
    try {
      return await work({ address: server.match[1] ?? '', process: server });
    } finally {
      await server.stop();
    }
  });
}
