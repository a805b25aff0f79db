import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import type { Outgoing } from '../../../src/ports/queue.ts';
import { startPublishing } from '../../../src/roles/ingest/publishing.ts';

const message: Outgoing = {
  ...{ stream: 'shop', subject: 'shop.Order', entity: 'Order', body: Buffer.from('{}'), headers: {} },
  ...{ messageId: '018f0000-0000-7000-8000-000000000001', dedupeId: '018f0000-0000-7000-8000-000000000001' },
  ...{ generation: 0, receivedAt: 0, program: undefined },
};

test('messages of one turn are published together, sixteen of them before it ends', async () => {
  const groups: number[] = [];
  const publishing = startPublishing(
    {
      maxBody: undefined,
      publish(messages) {
        groups.push(messages.length);
        return Promise.resolve(messages.map(() => ({ kind: 'stored' as const, duplicate: false })));
      },
    },
    1000,
    systemClock,
  );
  const outcomes = Array.from({ length: 20 }, async () => await publishing.one(message));
  expect(groups).toEqual([16]);
  await nextTurn();
  expect(groups).toEqual([16, 4]);
  expect(await Promise.all(outcomes)).toEqual(
    Array.from({ length: 20 }, () => ({ kind: 'stored', duplicate: false })),
  );
});

/** Twenty seconds are 20 ms. */
const hasty = {
  ...systemClock,
  sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 1_000, signal),
};

test('what the queue does not answer has an outcome all the same, also where it waits for room, and keeps its room', async () => {
  let published = 0;
  const open: (() => void)[] = [];
  const publishing = startPublishing(
    {
      maxBody: undefined,
      publish(messages) {
        published += messages.length;
        return new Promise((resolve) =>
          open.push(() => resolve(messages.map(() => ({ kind: 'stored' as const, duplicate: false })))),
        );
      },
    },
    3,
    hasty,
  );
  const unanswered = { kind: 'unavailable', reason: 'the queue did not answer for this message' };
  expect(await publishing.one(message)).toEqual(unanswered);
  expect(await publishing.many([message, message])).toEqual([unanswered, unanswered]);
  expect(publishing.hasRoom()).toBe(false);
  expect(await publishing.many([message])).toEqual([unanswered]);
  for (const answer of open.splice(0)) answer();
  await publishing.idle();
  expect(publishing.hasRoom()).toBe(true);
  // Who had no room is not published later, when nobody waits for it any more.
  expect(published).toBe(3);
});
