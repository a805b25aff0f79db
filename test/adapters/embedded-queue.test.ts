import { afterAll, describe } from 'vitest';
import { openEmbedded } from '../../src/adapters/embedded/embedded.ts';
import { partitionConformance } from '../conformance/partition-order.ts';
import { queueConformance } from '../conformance/queue.ts';
import { extentConformance } from '../conformance/queue-extents.ts';
import { embeddedFolder } from '../support/embedded-folder.ts';
import { openPostgresQueueAt } from '../support/postgres-queue.ts';

const embedded = await openEmbedded({ directory: await embeddedFolder() });
afterAll(() => embedded.close());

describe('the queue port over the embedded Postgres', () => {
  const adapter = { url: embedded.url, open: openPostgresQueueAt };
  queueConformance(adapter);
  extentConformance(adapter);
  partitionConformance(adapter);
});
