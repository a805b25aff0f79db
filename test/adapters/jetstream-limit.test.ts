import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openJetStreamQueue } from '../../src/adapters/jetstream/queue.ts';
import { freshDatabase } from '../support/database.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { memoryLog } from '../support/memory-log.ts';
import type { Queue } from '../../src/ports/queue.ts';
import { startLocalNats } from '../support/nats-server.ts';
import { freePort } from '../support/process.ts';
import { until } from '../support/until.ts';
import { message, queuePlan } from '../conformance/queue-plan.ts';
import { run } from '../roles/ingest/running.ts';
import { shopPlan } from '../roles/ingest/shop.ts';

/** A server with a small `max_payload`, and a queue over one connection to it. */
async function limited(bytes = 20_000) {
  const storeFolder = mkdtempSync(join(tmpdir(), 'nomnom-limit-'));
  const port = await freePort();
  const start = async (most: number) => {
    const started = await startLocalNats({ extra: `max_payload: ${most}`, port, storeFolder });
    if (started === undefined) throw new Error('the test reloads a nats-server of its own');
    return started;
  };
  let nats = await start(bytes);
  onTestFinished(async () => {
    await nats.stop();
    rmSync(storeFolder, { recursive: true, force: true });
  });
  const log = memoryLog();
  const queue = await openJetStreamQueue({ url: nats.url, log, name: 'test' });
  onTestFinished(() => queue.close());
  return {
    queue,
    log,
    raise: () => nats.reload('max_payload: 200000'),
    /** Starts the server again with another limit: the new connection is told of it. */
    async again(most: number) {
      await nats.stop();
      nats = await start(most);
    },
  };
}

test('a message that was too large is taken soon after max_payload was raised, over the same connection', async () => {
  const { queue, log, raise } = await limited();
  const names = queuePlan();
  await queue.apply(names.plan);
  const publisher = queue.publisher();
  const large = { ...message(names), body: Buffer.alloc(100_000, 'x') };
  expect(await publisher.publish([large])).toMatchObject([{ kind: 'too_large' }]);
  await raise();
  await until(
    'the message to be taken',
    async () => (await publisher.publish([large]))[0]?.kind === 'stored',
  );
  expect(publisher.maxBody).toBeGreaterThan(100_000);
  expect(log.lines.filter(({ level }) => level !== 'debug')).toEqual([]);
});

/** The ingest role of the shop over that queue, and a message for it. */
async function ingestOver(queue: Queue) {
  const database = await freshDatabase();
  const store = openStore({ url: database.url, max: 4, log: memoryLog() });
  onTestFinished(() => store.close());
  await store.transaction(({ ledger }) => ledger.migrate());
  const shop = shopPlan({ bodyLimit: 1_000_000 });
  await queue.apply(shop.plan);
  const running = await run(store, queue, shop);
  return { ...running, order: JSON.stringify({ id: 1, note: 'x'.repeat(50_000) }) };
}

test('ingest takes a message of that size too, alone or in a batch', async () => {
  const { queue, raise } = await limited();
  const { post, order } = await ingestOver(queue);
  expect((await post('/ingest/Order', order)).status).toBe(413);
  expect((await post('/ingest/Order/batch', `${order}\n`)).body).toMatchObject({ accepted: 0 });
  await raise();
  await until('the batch to be taken', async () => {
    return (await post('/ingest/Order/batch', `${order}\n`)).body['accepted'] === 1;
  });
  expect((await post('/ingest/Order', order)).status).toBe(202);
});

test('after one refusal the limit is looked at again by itself, so that the next message is taken', async () => {
  const { queue, raise } = await limited();
  const { post, order } = await ingestOver(queue);
  expect((await post('/ingest/Order', order)).status).toBe(413);
  // The look that the refusal began finds the old limit: the next one has to come by itself.
  await sleep(1_000);
  await raise();
  const { maxBody } = queue.publisher();
  await until('the limit to be known', () => queue.publisher().maxBody !== maxBody);
  expect((await post('/ingest/Order', order)).status).toBe(202);
});

test.for([300, 16_384])(
  'where max_payload is %i no message fits: ingest is not ready and answers 503, until it is raised',
  async (bytes) => {
    // A stream cannot even be made with so small requests.
    const { queue, raise, again } = await limited(1_000_000);
    const { post, get, order } = await ingestOver(queue);
    expect((await post('/ingest/Order', order)).status).toBe(202);
    await again(bytes);
    await until('the role to know', async () => (await get('/readyz')).status === 503);
    await until('the reason', async () =>
      JSON.stringify((await get('/readyz')).body).includes(
        `max_payload of the NATS servers is ${bytes} bytes`,
      ),
    );
    const small = JSON.stringify({ id: 2, note: '' });
    for (const path of ['/ingest/Order', '/ingest/Order/batch'])
      expect(await post(path, small)).toMatchObject({
        status: 503,
        body: { code: 'queue_unavailable', message: expect.stringContaining('raise max_payload') },
      });
    await raise();
    // Nobody asks meanwhile.
    await until('the limit to be known', () => (queue.publisher().maxBody ?? 0) > 0);
    await until('the role to be ready', async () => (await get('/readyz')).status === 200);
    expect((await post('/ingest/Order', small)).status).toBe(202);
  },
);

test('a message that nobody can send now is no message that is too large', async () => {
  const { queue, again } = await limited(1_000_000);
  const names = queuePlan();
  await queue.apply(names.plan);
  const publisher = queue.publisher();
  await again(150);
  await until('the limit to be known', () => publisher.maxBody === 0);
  const kinds = new Set<string | undefined>();
  // The limit is known a moment before the new connection can be used.
  const outcomes = await until('the limit to be the reason', async () => {
    const found = await publisher.publish([message(names)]);
    for (const { kind } of found) kinds.add(kind);
    return JSON.stringify(found).includes('raise max_payload') && found;
  });
  expect(outcomes).toEqual([{ kind: 'unavailable', reason: expect.stringContaining('raise max_payload') }]);
  expect([...kinds]).toEqual(['unavailable']);
});
