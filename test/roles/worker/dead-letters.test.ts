import { describe, expect, onTestFinished, test } from 'vitest';
import type { Consumer } from '../../../src/ports/queue.ts';
import { until } from '../../support/until.ts';
import { customer, openRig, QUEUES, type Rig, shop } from './rig.ts';

/** Its dead letters go where its messages come from, and there is not much room. */
const narrow = (id: string): string =>
  shop()(id).replace('storage: memory', 'storage: memory  max_bytes: 64KB');

/** Refused before Postgres sees it. */
const BROKEN = { entity: 'Customer', body: { customer_key: 1, name: 'x'.repeat(26) } };

/** Publishes until the stream takes no more, every fourth a message that is to die; gives the ids of those that did. */
async function fill(rig: Rig): Promise<{ readonly stored: number; readonly broken: readonly string[] }> {
  const broken: string[] = [];
  for (let stored = 0; ; stored += 1) {
    const isBroken = stored % 4 === 0;
    const ids = await rig.publish([isBroken ? BROKEN : customer(stored)]).catch((error: unknown) => {
      if (!/"kind":"full"/.test(String(error))) throw error;
    });
    if (ids === undefined) return { stored, broken };
    if (isBroken) broken.push(...ids);
  }
}

/** The ids of what comes, until there are that many. */
async function idsOf(consumer: Consumer, count: number): Promise<readonly string[]> {
  const found = new Set<string>();
  const { signal } = new AbortController();
  await until(`${count} published dead letters`, async () => {
    const some = await consumer.fetch({ max: 100, wait: 500, linger: 50, signal });
    await consumer.ack(some);
    for (const { messageId } of some) found.add(messageId);
    return found.size >= count;
  });
  return [...found].toSorted();
}

describe.each(QUEUES)('dead letters of a full stream over %s', (kind) => {
  test('are recorded without waiting for room, and published once the worker has made some', async () => {
    const rig = await openRig(kind, narrow);
    const { stored, broken } = await fill(rig);
    expect(broken.length).toBeGreaterThan(3);
    const worker = rig.work();
    await rig.settled(stored);
    expect(await rig.statuses()).toEqual({ completed: stored - broken.length, dlq: broken.length });
    expect(await rig.rows('SELECT count(*)::int AS n FROM dead_letters')).toEqual([{ n: broken.length }]);
    const repair = await rig.consumerOf('repair');
    onTestFinished(() => repair.close());
    expect(await idsOf(repair, broken.length)).toEqual(broken.toSorted());
    await until('none to be left unpublished', () => worker.state().counters.unpublished === 0);
    expect(rig.log.lines.some(({ message }) => message.includes('no room'))).toBe(true);
  });
});

test('a dead letter that with its headers is larger than the queue takes is recorded, and holds back nothing', async () => {
  const rig = await openRig('JetStream', shop());
  // A dead letter has two headers more than its message.
  const most = (rig.queue.publisher().maxBody ?? 0) + 16 * 1024;
  await rig.publish([
    { entity: 'Customer', body: Buffer.alloc(most - 240, ' ') },
    ...[1, 2, 3].map((key) => customer(key)),
  ]);
  rig.work();
  await rig.settled(4);
  expect(await rig.statuses()).toEqual({ completed: 3, dlq: 1 });
  expect(await rig.rows('SELECT count(*)::int AS n FROM dead_letters')).toEqual([{ n: 1 }]);
  expect(rig.log.lines.some(({ message }) => message.includes('larger than the queue takes'))).toBe(true);
});
