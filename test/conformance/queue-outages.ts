import { expect, onTestFinished, test } from 'vitest';
import { failureOf } from '../support/failure-of.ts';
import { openTcpProxy, through } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { message, messages } from './queue-plan.ts';
import { isDuplicate, type QueueAdapter, queueFixture } from './queue-fixture.ts';

const STORED = { kind: 'stored', duplicate: false };

/** What a queue promises while its server is away, and when it is back. */
export function queueOutages(adapter: QueueAdapter): void {
  const { url, open } = adapter;
  const { openQueue, setUp, openConsumer, fetch, fetchAll, nothing, idsOf } = queueFixture(adapter);

  test('while the server is away, publish says unavailable and fetch fails; both work again when it is back', async () => {
    const { plan } = await setUp();
    const proxy = await openTcpProxy(url);
    onTestFinished(() => proxy.close());
    const queue = await openQueue(through(proxy, url));
    const publisher = queue.publisher();
    const consumer = await openConsumer(queue, plan);
    expect(await publisher.publish([message(plan)])).toEqual([STORED]);
    await proxy.cut();
    const sent = message(plan);
    await until('the loss to be noticed', async () => {
      const [outcome] = await publisher.publish([sent]);
      return outcome?.kind === 'unavailable';
    });
    expect((await failureOf(fetch(consumer, { wait: 500 }))).code).toBe('QUEUE_UNAVAILABLE');
    expect((await failureOf(queue.ping())).code).toBe('QUEUE_UNAVAILABLE');
    await proxy.restore();
    // The first answer may have been lost on the way: publishing again with the same id is safe.
    await until(
      'the queue to work again',
      async () => (await publisher.publish([sent]))[0]?.kind === 'stored',
    );
    const delivered = await until('both messages', async () => {
      const all = await fetchAll(consumer, 2);
      return all.length === 2 && all;
    });
    expect(idsOf(delivered)).toContain(sent.messageId);
    await queue.ping();
  });

  test('a queue whose server is away or silent can be closed, without an error and without its server', async () => {
    const { plan } = await setUp();
    for (const fault of ['cut', 'silent']) {
      const proxy = await openTcpProxy(url);
      onTestFinished(() => proxy.close());
      const queue = await open(through(proxy, url));
      await queue.publisher().publish([message(plan)]);
      if (fault === 'cut') await proxy.cut();
      else proxy.silence(true);
      // The line stays as it is: a close that needed the server would never end.
      expect(await queue.close()).toBeUndefined();
      if (fault === 'cut') await proxy.restore();
    }
  });

  test('messages in flight when the connection dies have an outcome at once, and the stored ones are there once', async () => {
    const { plan, consumer } = await setUp();
    const proxy = await openTcpProxy(url);
    onTestFinished(() => proxy.close());
    const publisher = (await openQueue(through(proxy, url))).publisher();
    await publisher.publish([message(plan, { subject: plan.otherSubject })]);
    const sent = messages(plan, 3_000);
    const publishing = publisher.publish(sent);
    await new Promise((resolve) => setImmediate(resolve));
    await proxy.cut();
    const outcomes = await publishing;
    expect(outcomes).toHaveLength(sent.length);
    // By the loss of the connection, not by the end of the time for an answer.
    expect(
      outcomes.filter((each) => 'reason' in each && /no answer within|timeout/.test(each.reason)),
    ).toEqual([]);
    await proxy.restore();
    const again = await until('the queue to work again', async () => {
      const results = await publisher.publish(sent);
      return results.every(({ kind }) => kind === 'stored') && results;
    });
    // What was answered with stored the first time is known the second time.
    const forgotten = outcomes.filter(
      (outcome, index) => outcome.kind === 'stored' && !isDuplicate(again[index]),
    );
    expect(forgotten).toEqual([]);
    const delivered = await fetchAll(consumer, sent.length);
    expect(new Set(idsOf(delivered)).size).toBe(sent.length);
    expect(await nothing(consumer)).toEqual([]);
  });
}
