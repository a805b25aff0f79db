import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openJetStreamQueue } from '../../../src/adapters/jetstream/queue.ts';
import { openPostgresQueue } from '../../../src/adapters/postgres-queue/queue.ts';
import { openStore, type PostgresStore } from '../../../src/adapters/postgres/store.ts';
import type { Queue } from '../../../src/ports/queue.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { deploy, STEPS, type Step } from './deploy.ts';
import { CHANGES } from './versions.ts';

/** Every order of the three steps. */
const ORDERS: readonly (readonly Step[])[] = STEPS.flatMap((first) =>
  STEPS.filter((step) => step !== first).map((second) => [
    first,
    second,
    ...STEPS.filter((step) => step !== first && step !== second),
  ]),
);

describe.each(['JetStream', 'Postgres'])('two versions at once over %s', async (kind) => {
  const database = await freshDatabase();
  let store: PostgresStore;
  let queue: Queue;
  beforeAll(async () => {
    store = openStore({ url: database.url, max: 30, log: memoryLog() });
    queue =
      kind === 'Postgres'
        ? openPostgresQueue({ store: store.sql, log: memoryLog() })
        : await openJetStreamQueue({ url: inject('natsUrl'), log: memoryLog(), name: 'test' });
  });
  afterAll(async () => {
    await queue.close();
    await store.close();
  });

  test.concurrent.each(CHANGES)('$name', { timeout: 180_000 }, async (change) => {
    for (const order of ORDERS) {
      const { outcomes } = await deploy({ store, queue }, change, order);
      const where = order.join(', ');
      const wrong = outcomes.filter(
        ({ kind: of, status, code }) =>
          !(status === 'completed' || (of === 'unfit' && code === 'program_changed')),
      );
      expect(wrong, where).toEqual([]);
      // The last messages of the old version are worked by the new one only.
      const dead = outcomes.filter(({ status }) => status === 'dlq');
      expect(dead.length, where).toBeGreaterThanOrEqual(change.old.unfit.length);
    }
  });
});
