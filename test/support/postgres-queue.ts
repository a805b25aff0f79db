import { openPostgresQueue } from '../../src/adapters/postgres-queue/queue.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import type { Queue } from '../../src/ports/queue.ts';
import { memoryLog } from './memory-log.ts';

/** A Postgres queue with a store of its own, which closes with it. */
export async function openPostgresQueueAt(url: string): Promise<Queue> {
  const log = memoryLog();
  const store = openStore({ url, max: 6, log });
  const queue = openPostgresQueue({ store: store.sql, log });
  return {
    ...queue,
    async close() {
      await queue.close();
      await store.close();
    },
  };
}
