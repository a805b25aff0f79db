import { describe, inject } from 'vitest';
import { openJetStreamQueue } from '../../src/adapters/jetstream/queue.ts';
import { queueConformance } from '../conformance/queue.ts';
import { memoryLog } from '../support/memory-log.ts';

describe('the queue port over JetStream', () => {
  queueConformance({
    url: inject('natsUrl'),
    open: (url) => openJetStreamQueue({ url, log: memoryLog(), name: 'test' }),
  });
});
