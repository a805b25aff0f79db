import { expect, onTestFinished, test } from 'vitest';
import { openLateJetStreamQueue } from '../../src/adapters/jetstream/late-queue.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { memoryLog } from '../support/memory-log.ts';
import { startLocalNats } from '../support/nats-server.ts';
import { freePort } from '../support/process.ts';
import { until } from '../support/until.ts';
import { message, queuePlan } from '../conformance/queue-plan.ts';

async function late(credentials = '') {
  const port = await freePort();
  const log = memoryLog();
  const queue = openLateJetStreamQueue({
    url: `nats://${credentials}127.0.0.1:${port}`,
    log,
    name: 'test',
    clock: systemClock,
  });
  onTestFinished(() => queue.close());
  const serve = async (extra = '') => {
    const server = await startLocalNats({ port, extra });
    onTestFinished(() => server?.stop());
  };
  return { queue, log, serve };
}

test('a queue whose server is not there yet says so, and works once it is', async () => {
  const { queue, log, serve } = await late();
  const names = queuePlan();
  const publisher = queue.publisher();
  expect(publisher.maxBody).toBeUndefined();
  expect(await publisher.publish([message(names)])).toMatchObject([{ kind: 'unavailable' }]);
  await expect(queue.ping()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  await expect(queue.differences(names.plan)).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  await expect(queue.consumer(names.consume)).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  await until('a line that says what is waited for', () =>
    log.lines.some((line) => line.message === 'waiting for NATS'),
  );

  await serve();
  await until('the queue to answer', () => queue.ping().then(() => true));
  await queue.apply(names.plan);
  const sent = message(names);
  expect(await publisher.publish([sent])).toMatchObject([{ kind: 'stored' }]);
  expect(publisher.maxBody).toBeGreaterThan(0);
  const consumer = await queue.consumer(names.consume);
  onTestFinished(() => consumer.close());
  const { signal } = new AbortController();
  expect(await consumer.fetch({ max: 1, wait: 5_000, linger: 0, signal })).toMatchObject([
    { messageId: sent.messageId },
  ]);
});

test('a server that refuses the credentials is no outage: the queue is lost, with the reason', async () => {
  const { queue, serve } = await late('me:wrong@');
  await serve('authorization { user: me, password: secret }');
  const lost = await queue.lost;
  expect(lost.code).toBe('QUEUE_MISCONFIGURED');
  expect(lost.message).toContain('refuses the credentials');
  expect(lost.message).not.toContain('wrong');
});
