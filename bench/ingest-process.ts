import { pinoLog } from '../src/adapters/pino-log.ts';
import { openStore } from '../src/adapters/postgres/store.ts';
import { applyTables } from '../src/roles/setup/apply-tables.ts';
import type { Bench } from './bench.ts';
import { startChild } from './child.ts';
import { withEmptyStream } from './messages.ts';

/** The line in which a server says where it listens. */
export const ADDRESS = /"address":"(http:[^"]+)"/;

/** Runs `work` against an ingest process of its own, with a new database and an empty stream. */
export function withIngest<T>(
  { root, file, plan, natsUrl, withDatabase }: Bench,
  work: (address: string) => Promise<T>,
): Promise<T> {
  return withDatabase((databaseUrl) =>
    withEmptyStream(natsUrl, plan, async () => {
      const store = openStore({ url: databaseUrl, max: 1, log: pinoLog({ level: 'silent' }) });
      await applyTables(store, plan);
      await store.close();
      const ingest = await startChild(
        [`${root}/bin/nomnom`, 'run', file, '--role=ingest', '--port=0', '--host=127.0.0.1'],
        { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'info' },
        ADDRESS,
      );
      try {
        return await work(ingest.match[1] ?? '');
      } finally {
        await ingest.stop();
      }
    }),
  );
}
