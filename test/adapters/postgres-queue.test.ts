import { describe } from 'vitest';
import { openPostgresQueue } from '../../src/adapters/postgres-queue/queue.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import type { Queue } from '../../src/ports/queue.ts';
import { queueConformance } from '../conformance/queue.ts';
import { freshDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';

const database = await freshDatabase();

async function openQueue(url: string): Promise<Queue> {
  const log = memoryLog();
  const store = openStore({ url, max: 6, log });
  const queue = openPostgresQueue({ store, log });
  return {
    ...queue,
    async close() {
      await queue.close();
      await store.close();
    },
  };
}

describe('the queue port over Postgres', () => {
  queueConformance({ url: database.url, open: openQueue });
});
