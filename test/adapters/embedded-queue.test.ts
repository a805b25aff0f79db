import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { openEmbedded } from '../../src/adapters/embedded/embedded.ts';
import { partitionConformance } from '../conformance/partition-order.ts';
import { queueConformance } from '../conformance/queue.ts';
import { extentConformance } from '../conformance/queue-extents.ts';
import { openPostgresQueueAt } from '../support/postgres-queue.ts';

const directory = await mkdtemp(join(tmpdir(), 'nomnom-embedded-'));
const embedded = await openEmbedded({ directory });
afterAll(async () => {
  await embedded.close();
  await rm(directory, { recursive: true, force: true });
});

describe('the queue port over the embedded Postgres', () => {
  const adapter = { url: embedded.url, open: openPostgresQueueAt };
  queueConformance(adapter);
  extentConformance(adapter);
  partitionConformance(adapter);
});
