import type { JetStreamManager } from '@nats-io/jetstream';
import { expect, test } from 'vitest';
import { forgottenMessages } from '../../src/adapters/jetstream/forgotten.ts';
import { queuePlan } from '../conformance/queue-plan.ts';
import { memoryLog } from '../support/memory-log.ts';

interface Server {
  stored: number;
  known: number;
  retention?: string;
}

/** Looks once for each state of the server, far enough apart, and gives what was done to the consumer. */
async function after(states: readonly Server[]): Promise<readonly string[]> {
  const done: string[] = [];
  let server: Server = { stored: 0, known: 0 };
  let description: string | undefined;
  const manager = {
    streams: {
      info: async () => ({
        state: { subjects: { a: server.stored } },
        config: { retention: server.retention ?? 'workqueue', description },
      }),
      update: async (_: string, changes: { readonly description: string }) => {
        ({ description } = changes);
        done.push(description === '' ? 'no note' : 'note');
      },
    },
    consumers: {
      info: async () => ({ num_pending: 0, num_ack_pending: server.known, created: 'then' }),
      delete: async () => done.push('delete'),
      add: async () => done.push('add'),
    },
  } as unknown as JetStreamManager;
  let now = 0;
  const look = forgottenMessages(manager, queuePlan().consume, memoryLog(), () => now);
  for (const state of states) {
    server = state;
    now += 60_000;
    await look();
  }
  return done;
}

const FORGOTTEN = { stored: 3, known: 1 };
const WELL = { stored: 3, known: 3 };

test('a consumer that keeps missing messages of its stream is made anew', async () => {
  // The first look only gets to know the consumer.
  expect(await after([WELL, FORGOTTEN, FORGOTTEN, FORGOTTEN])).toEqual(['note', 'delete', 'add', 'no note']);
});

test('a consumer that misses messages only for a moment is left alone', async () => {
  expect(await after([WELL, FORGOTTEN, FORGOTTEN, WELL, FORGOTTEN, FORGOTTEN])).toEqual([]);
});

test('a consumer of a stream that keeps what was acknowledged is left alone', async () => {
  const kept = { ...FORGOTTEN, retention: 'limits' };
  expect(await after([kept, kept, kept, kept, kept])).toEqual([]);
});
